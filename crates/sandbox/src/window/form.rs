//! What the buyer typed into a window.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use toss_model::{
    ErrorCode,
    card::{Card, WORKING_CARD},
    instrument::{ACCOUNTS, Instrument, account},
};

/// A card company that a merchant can name, and a working card of it.
/// Source: <https://docs.tosspayments.com/codes/org-codes>.
pub(super) struct Company {
    code: &'static str,
    pub(super) korean: &'static str,
    english: &'static str,
    number: &'static str,
}

const fn company(
    code: &'static str,
    korean: &'static str,
    english: &'static str,
    number: &'static str,
) -> Company {
    Company {
        code,
        korean,
        english,
        number,
    }
}

const COMPANIES: [Company; 5] = [
    company("21", "하나", "HANA", WORKING_CARD),
    company("61", "현대", "HYUNDAI", "4330123412341234"),
    company("51", "삼성", "SAMSUNG", "5387203412341234"),
    company("11", "국민", "KOOKMIN", "5570423412341234"),
    company("41", "신한", "SHINHAN", "4000003412341234"),
];

/// Finds one by code, Korean or English name; cards of the others are not known.
pub(super) fn card_company(name: &str) -> Option<&'static Company> {
    COMPANIES
        .iter()
        .find(|company| [company.code, company.korean, company.english].contains(&name))
}

/// `9410 0012 3456 7890`
pub(super) fn spaced(number: &str) -> String {
    let mut text = String::new();
    for (at, digit) in number.chars().enumerate() {
        if at > 0 && at.is_multiple_of(4) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// 카드 등록
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct CardForm {
    pub(super) number: String,
    pub(super) expiry: String,
    pub(super) identity: String,
    pub(super) password: String,
}

impl CardForm {
    /// What the window is filled with, so that one click suffices.
    pub(super) fn prefilled(corporate: bool) -> Self {
        let identity = if corporate { "1234567890" } else { "900101" };
        Self {
            number: spaced(WORKING_CARD),
            // Years pass in minutes here; it outlives them.
            expiry: "12/99".to_owned(),
            identity: identity.to_owned(),
            password: "12".to_owned(),
        }
    }

    /// A working card of a company.
    pub(super) fn of(company: Option<&Company>) -> Self {
        Self::known(&spaced(
            company.map_or(WORKING_CARD, |company| company.number),
        ))
    }

    /// A card of which only the number is typed.
    pub(super) fn known(number: &str) -> Self {
        Self {
            number: number.to_owned(),
            ..Self::prefilled(false)
        }
    }

    pub(super) fn read(&self, now: OffsetDateTime) -> Result<Card, ErrorCode> {
        Card::read(
            &self.number,
            &self.expiry,
            &self.identity,
            &self.password,
            now,
        )
    }
}

/// 계좌 등록
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct AccountForm {
    account: String,
    hide: Option<String>,
}

impl AccountForm {
    /// The account that works.
    pub(super) fn prefilled() -> Self {
        Self {
            account: ACCOUNTS[0].id.to_owned(),
            hide: None,
        }
    }

    pub(super) fn read(&self) -> Result<Instrument, ErrorCode> {
        let account = account(&self.account).ok_or(ErrorCode::InvalidAccountInfoReRegister)?;
        Ok(Instrument::Account {
            account,
            hidden: self.hide.is_some(),
        })
    }
}

/// A step of 퀵계좌이체 before the accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// 가입
    Join,
    /// 로그인
    Login,
}

impl Step {
    /// As in the address.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Login => "login",
        }
    }
}

/// 가입 or 로그인
#[derive(Debug, Deserialize)]
pub(super) struct MemberForm {
    pub(super) step: Step,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) phone: String,
    /// The number of the text message, or the password.
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    agree: Option<String>,
}

impl MemberForm {
    /// Toss's own test environment takes this number for every text message.
    /// Source: <https://docs.tosspayments.com/guides/v2/get-started/environment>.
    const CODE: &str = "000000";

    /// What the step is filled with.
    pub(super) fn prefilled(step: Step) -> Self {
        Self {
            step,
            name: "김토스".to_owned(),
            phone: "01012345678".to_owned(),
            code: Self::CODE.to_owned(),
            agree: None,
        }
    }

    /// Checks it; says what the buyer has to correct.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let digits = self.phone.chars().filter(char::is_ascii_digit).count();
        if !(8..=15).contains(&digits) {
            return Err("휴대폰 번호를 다시 확인해주세요.");
        }
        match self.step {
            Step::Join if self.name.trim().is_empty() || self.agree.is_none() => {
                Err(ErrorCode::InvalidRequiredParam.korean())
            }
            Step::Join if self.code != Self::CODE => {
                Err("인증번호가 올바르지 않아요. 테스트 인증번호는 000000이에요.")
            }
            Step::Login if self.code != Self::CODE => Err(ErrorCode::InvalidPassword.korean()),
            Step::Join | Step::Login => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_company_has_a_card_of_its_own_that_works() {
        let now = datetime!(2026-11-21 09:00 +9);
        for company in &COMPANIES {
            let card = CardForm::of(Some(company)).read(now).unwrap();
            assert_eq!(card.issuer_code(), company.code, "{}", company.korean);
            for name in [company.code, company.korean, company.english] {
                assert_eq!(card_company(name).unwrap().code, company.code);
            }
        }
        assert!(card_company("우리").is_none());
    }
}
