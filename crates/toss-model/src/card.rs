//! Cards, and the magic numbers among them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{errors::ErrorCode, moment::KST, on_charge::OnCharge};

/// A card number with a fixed outcome.
#[derive(Debug)]
pub struct MagicCard {
    /// Sixteen digits.
    pub number: &'static str,
    /// What happens, as the window says it.
    pub what: &'static str,
    /// The answer of the issue call.
    pub on_issue: Result<(), ErrorCode>,
    /// The answer of charges.
    pub on_charge: OnCharge,
}

const fn magic(
    number: &'static str,
    what: &'static str,
    on_issue: Result<(), ErrorCode>,
    on_charge: OnCharge,
) -> MagicCard {
    MagicCard {
        number,
        what,
        on_issue,
        on_charge,
    }
}

/// The card that the window is filled with. Measured with Toss's own test keys: it issues and charges.
pub const WORKING_CARD: &str = "9410001234567890";

/// Cards with outcomes of their own; any other number behaves like the first.
/// The outcomes are the sandbox's, except those of the first and the second, which were measured.
pub const MAGIC_CARDS: [MagicCard; 14] = [
    magic(
        WORKING_CARD,
        "등록되고 결제됩니다",
        Ok(()),
        OnCharge::Approve,
    ),
    magic(
        "4330121234567890",
        "등록되지만 결제는 NOT_SUPPORTED_CARD_TYPE",
        Ok(()),
        OnCharge::Refuse(ErrorCode::NotSupportedCardType),
    ),
    magic(
        "9410000000000001",
        "등록되지만 결제는 REJECT_CARD_PAYMENT (한도초과·잔액부족)",
        Ok(()),
        OnCharge::Refuse(ErrorCode::RejectCardPayment),
    ),
    magic(
        "9410000000000002",
        "등록되지만 결제는 REJECT_CARD_COMPANY",
        Ok(()),
        OnCharge::Refuse(ErrorCode::RejectCardCompany),
    ),
    magic(
        "9410000000000003",
        "등록되지만 결제는 INVALID_STOPPED_CARD",
        Ok(()),
        OnCharge::Refuse(ErrorCode::InvalidStoppedCard),
    ),
    magic(
        "9410000000000004",
        "등록되지만 결제는 FAILED_CARD_COMPANY_RESPONSE (500)",
        Ok(()),
        OnCharge::Refuse(ErrorCode::FailedCardCompanyResponse),
    ),
    magic(
        "9410000000000005",
        "첫 결제만 되고 다음부터 REJECT_CARD_PAYMENT",
        Ok(()),
        OnCharge::OnlyFirst(ErrorCode::RejectCardPayment),
    ),
    magic(
        "9410000000000006",
        "첫 결제는 REJECT_CARD_PAYMENT, 다음부터 됩니다",
        Ok(()),
        OnCharge::AllButFirst(ErrorCode::RejectCardPayment),
    ),
    magic(
        "9410000000000011",
        "빌링키 발급이 INVALID_STOPPED_CARD",
        Err(ErrorCode::InvalidStoppedCard),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000012",
        "빌링키 발급이 INVALID_CARD_EXPIRATION",
        Err(ErrorCode::InvalidCardExpiration),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000013",
        "빌링키 발급이 REJECT_CARD_COMPANY",
        Err(ErrorCode::RejectCardCompany),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000014",
        "빌링키 발급이 NOT_SUPPORTED_CARD_TYPE",
        Err(ErrorCode::NotSupportedCardType),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000015",
        "빌링키 발급이 INVALID_CARD_IDENTITY",
        Err(ErrorCode::InvalidCardIdentity),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000016",
        "빌링키 발급이 COMMON_ERROR (500)",
        Err(ErrorCode::CommonError),
        OnCharge::Approve,
    ),
];

/// A card as the buyer typed it, already checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    digits: String,
    year: i32,
    month: u8,
    corporate: bool,
}

impl Card {
    /// Checks what the buyer typed. The texts are those of Toss's error table.
    ///
    /// # Errors
    /// The first thing that is wrong: number, expiry (`MM/YY`), owner (6 or 10 digits), password (2 digits).
    pub fn read(
        number: &str,
        expiry: &str,
        identity: &str,
        password: &str,
        now: OffsetDateTime,
    ) -> Result<Self, ErrorCode> {
        let digits: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !is_digits(&digits) || !(15..=16).contains(&digits.len()) {
            return Err(ErrorCode::InvalidCardNumber);
        }
        let (year, month) = read_expiry(expiry).ok_or(ErrorCode::InvalidCardExpiration)?;
        let identity = identity.trim();
        if !is_digits(identity) || !(identity.len() == 6 || identity.len() == 10) {
            return Err(ErrorCode::InvalidBirthDayFormat);
        }
        let password = password.trim();
        if !is_digits(password) || password.len() != 2 {
            return Err(ErrorCode::InvalidCardPassword);
        }
        let card = Self {
            digits,
            year,
            month,
            corporate: identity.len() == 10,
        };
        if card.is_expired(now) {
            return Err(ErrorCode::InvalidCardExpiration);
        }
        Ok(card)
    }

    /// The same for `POST /v1/billing/authorizations/card`, where year and month come apart and the
    /// password may be left out.
    ///
    /// # Errors
    /// As [`Card::read`].
    pub fn keyed_in(
        number: &str,
        year: &str,
        month: &str,
        identity: &str,
        password: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Self, ErrorCode> {
        let expiry = format!("{month}/{year}");
        Self::read(number, &expiry, identity, password.unwrap_or("00"), now)
    }

    /// True after the last day of the printed month.
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        let now = now.to_offset(KST);
        (now.year(), u8::from(now.month())) > (self.year, self.month)
    }

    /// As Toss masks it: eight digits, four stars, three digits, a star.
    pub fn masked(&self) -> String {
        let (head, tail) = self.digits.split_at(8);
        let end = tail.len() - 1;
        format!("{head}****{}*", &tail[end - 3..end])
    }

    /// Two characters.
    pub fn issuer_code(&self) -> &'static str {
        match self.digits.get(..6) {
            Some("941000") => "21",
            Some("433012") => "61",
            Some("538720" | "402857") => "51",
            Some("557042" | "467309") => "11",
            _ => "41",
        }
    }

    /// Two characters. 현대 is acquired by BC in Toss's example; the others by themselves.
    pub fn acquirer_code(&self) -> &'static str {
        match self.issuer_code() {
            "61" => "31",
            own => own,
        }
    }

    /// 신용, or 미확인 for the number that was measured to be.
    pub fn card_type(&self) -> &'static str {
        if self.digits == MAGIC_CARDS[1].number {
            "미확인"
        } else {
            "신용"
        }
    }

    /// 개인 or 법인, by the length of the owner's number.
    pub fn owner_type(&self) -> &'static str {
        if self.corporate { "법인" } else { "개인" }
    }

    fn magic(&self) -> Option<&'static MagicCard> {
        MAGIC_CARDS.iter().find(|card| card.number == self.digits)
    }

    pub(crate) fn on_issue(&self) -> Result<(), ErrorCode> {
        self.magic().map_or(Ok(()), |card| card.on_issue)
    }

    /// How it takes being charged for the `earlier + 1`th time.
    pub(crate) fn verdict(&self, earlier: u32, now: OffsetDateTime) -> Result<(), ErrorCode> {
        if self.is_expired(now) {
            return Err(ErrorCode::InvalidCardExpiration);
        }
        self.on_issue()?;
        self.on_charge().verdict(earlier)
    }

    pub(crate) fn on_charge(&self) -> OnCharge {
        self.magic()
            .map_or(OnCharge::Approve, |card| card.on_charge)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn read_expiry(text: &str) -> Option<(i32, u8)> {
    let (month, year) = text.trim().split_once('/')?;
    let (month, year) = (month.trim(), year.trim());
    if !is_digits(month) || !is_digits(year) || month.len() > 2 || year.len() != 2 {
        return None;
    }
    let month: u8 = month.parse().ok()?;
    let year: i32 = year.parse().ok()?;
    (1..=12).contains(&month).then_some((2000 + year, month))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 +9);

    #[test]
    fn the_working_card_is_masked_as_toss_masks() {
        let card = Card::read("4330 1234-1234 1234", "12/30", "900101", "12", NOW).unwrap();
        assert_eq!(card.masked(), "43301234****123*");
        assert_eq!((card.issuer_code(), card.acquirer_code()), ("61", "31"));
        let card = Card::read(WORKING_CARD, "12/30", "1234567890", "12", NOW).unwrap();
        assert_eq!((card.issuer_code(), card.owner_type()), ("21", "법인"));
        // American Express has fifteen digits.
        let card = Card::read("379912345678901", "12/30", "900101", "12", NOW).unwrap();
        assert_eq!(card.masked(), "37991234****890*");
    }

    #[test]
    fn what_the_buyer_typed_is_checked_in_order() {
        let read = |number, expiry, identity, password| {
            Card::read(number, expiry, identity, password, NOW)
        };
        let number = WORKING_CARD;
        for bad in ["", "433012", "12345678901234567", "94100012345678９0"] {
            assert_eq!(
                read(bad, "12/30", "900101", "12"),
                Err(ErrorCode::InvalidCardNumber)
            );
        }
        for bad in [
            "", "13/30", "0/30", "12/2030", "10/26", "1230", "-1/30", "+1/30",
        ] {
            assert_eq!(
                read(number, bad, "900101", "12"),
                Err(ErrorCode::InvalidCardExpiration),
                "{bad}"
            );
        }
        assert!(read(number, "11/26", "900101", "12").is_ok());
        assert_eq!(
            read(number, "12/30", "9001011", "12"),
            Err(ErrorCode::InvalidBirthDayFormat)
        );
        assert_eq!(
            read(number, "12/30", "900101", "1"),
            Err(ErrorCode::InvalidCardPassword)
        );
    }

    #[test]
    fn a_card_works_through_its_last_month() {
        let card = Card::read(WORKING_CARD, "12/26", "900101", "12", NOW).unwrap();
        assert!(!card.is_expired(datetime!(2026-12-31 23:59:59 +9)));
        assert!(card.is_expired(datetime!(2027-01-01 00:00 +9)));
        // Midnight in Korea counts, not in London.
        assert!(card.is_expired(datetime!(2026-12-31 15:00 UTC)));
    }

    #[test]
    fn magic_numbers_are_distinct_and_typable() {
        for (at, card) in MAGIC_CARDS.iter().enumerate() {
            assert!(Card::read(card.number, "12/30", "900101", "12", NOW).is_ok());
            assert!(MAGIC_CARDS[..at].iter().all(|c| c.number != card.number));
        }
    }
}
