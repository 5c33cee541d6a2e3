//! Cards and accounts that can be registered, and the magic ones among them.

use time::OffsetDateTime;

use super::moment::KST;
use crate::errors::{Row, table};

/// What happens when something registered is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnCharge {
    /// The money is taken.
    Approve,
    /// Always refused.
    Refuse(&'static Row),
    /// The first charge goes through, later ones are refused.
    OnlyFirst(&'static Row),
    /// The first charge is refused, later ones go through.
    AllButFirst(&'static Row),
}

impl OnCharge {
    /// The outcome of the charge number `earlier + 1`.
    ///
    /// # Errors
    /// The refusal.
    pub fn verdict(self, earlier: u32) -> Result<(), &'static Row> {
        match self {
            Self::Refuse(row) => Err(row),
            Self::OnlyFirst(row) if earlier > 0 => Err(row),
            Self::AllButFirst(row) if earlier == 0 => Err(row),
            Self::Approve | Self::OnlyFirst(_) | Self::AllButFirst(_) => Ok(()),
        }
    }
}

/// A card number with a fixed outcome.
#[derive(Debug)]
pub struct MagicCard {
    /// Sixteen digits.
    pub number: &'static str,
    /// What happens, as the window says it.
    pub what: &'static str,
    /// The answer of the issue call.
    pub on_issue: Result<(), &'static Row>,
    /// The answer of charges.
    pub on_charge: OnCharge,
}

const fn magic(
    number: &'static str,
    what: &'static str,
    on_issue: Result<(), &'static Row>,
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
        OnCharge::Refuse(table::NOT_SUPPORTED_CARD_TYPE),
    ),
    magic(
        "9410000000000001",
        "등록되지만 결제는 REJECT_CARD_PAYMENT (한도초과·잔액부족)",
        Ok(()),
        OnCharge::Refuse(table::REJECT_CARD_PAYMENT),
    ),
    magic(
        "9410000000000002",
        "등록되지만 결제는 REJECT_CARD_COMPANY",
        Ok(()),
        OnCharge::Refuse(table::REJECT_CARD_COMPANY),
    ),
    magic(
        "9410000000000003",
        "등록되지만 결제는 INVALID_STOPPED_CARD",
        Ok(()),
        OnCharge::Refuse(table::INVALID_STOPPED_CARD),
    ),
    magic(
        "9410000000000004",
        "등록되지만 결제는 FAILED_CARD_COMPANY_RESPONSE (500)",
        Ok(()),
        OnCharge::Refuse(table::FAILED_CARD_COMPANY_RESPONSE),
    ),
    magic(
        "9410000000000005",
        "첫 결제만 되고 다음부터 REJECT_CARD_PAYMENT",
        Ok(()),
        OnCharge::OnlyFirst(table::REJECT_CARD_PAYMENT),
    ),
    magic(
        "9410000000000006",
        "첫 결제는 REJECT_CARD_PAYMENT, 다음부터 됩니다",
        Ok(()),
        OnCharge::AllButFirst(table::REJECT_CARD_PAYMENT),
    ),
    magic(
        "9410000000000011",
        "빌링키 발급이 INVALID_STOPPED_CARD",
        Err(table::INVALID_STOPPED_CARD),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000012",
        "빌링키 발급이 INVALID_CARD_EXPIRATION",
        Err(table::INVALID_CARD_EXPIRATION),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000013",
        "빌링키 발급이 REJECT_CARD_COMPANY",
        Err(table::REJECT_CARD_COMPANY),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000014",
        "빌링키 발급이 NOT_SUPPORTED_CARD_TYPE",
        Err(table::NOT_SUPPORTED_CARD_TYPE),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000015",
        "빌링키 발급이 INVALID_CARD_IDENTITY",
        Err(table::INVALID_CARD_IDENTITY),
        OnCharge::Approve,
    ),
    magic(
        "9410000000000016",
        "빌링키 발급이 COMMON_ERROR (500)",
        Err(table::COMMON_ERROR),
        OnCharge::Approve,
    ),
];

/// A card as the buyer typed it, already checked.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    ) -> Result<Self, &'static Row> {
        let digits: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !is_digits(&digits) || !(15..=16).contains(&digits.len()) {
            return Err(table::INVALID_CARD_NUMBER);
        }
        let (year, month) = read_expiry(expiry).ok_or(table::INVALID_CARD_EXPIRATION)?;
        let identity = identity.trim();
        if !is_digits(identity) || !(identity.len() == 6 || identity.len() == 10) {
            return Err(table::INVALID_BIRTH_DAY_FORMAT);
        }
        let password = password.trim();
        if !is_digits(password) || password.len() != 2 {
            return Err(table::INVALID_CARD_PASSWORD);
        }
        let card = Self {
            digits,
            year,
            month,
            corporate: identity.len() == 10,
        };
        if card.is_expired(now) {
            return Err(table::INVALID_CARD_EXPIRATION);
        }
        Ok(card)
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

    pub(crate) fn on_issue(&self) -> Result<(), &'static Row> {
        self.magic().map_or(Ok(()), |card| card.on_issue)
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

/// A bank account that 퀵계좌이체 offers.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// Names it in the window's form.
    pub id: &'static str,
    /// Two digits.
    pub bank_code: &'static str,
    /// As `transfers[].bankName`.
    pub bank_name: &'static str,
    /// As `transfers[].bankAccountNumber`. The mask is that of Toss's example.
    pub number: &'static str,
    /// What happens, as the window says it.
    pub what: &'static str,
    /// The answer of charges.
    pub on_charge: OnCharge,
}

/// The accounts of the test buyer; the first works.
pub const ACCOUNTS: [Account; 4] = [
    Account {
        id: "woori",
        bank_code: "20",
        bank_name: "우리은행",
        number: "1002****0000",
        what: "등록되고 결제됩니다",
        on_charge: OnCharge::Approve,
    },
    Account {
        id: "kookmin",
        bank_code: "06",
        bank_name: "KB국민은행",
        number: "6710****1234",
        what: "등록되지만 결제는 REJECT_ACCOUNT_PAYMENT (잔액부족)",
        on_charge: OnCharge::Refuse(table::REJECT_ACCOUNT_PAYMENT),
    },
    Account {
        id: "nonghyeop",
        bank_code: "11",
        bank_name: "NH농협은행",
        number: "3020****7788",
        what: "등록되지만 첫 결제는 RESTRICTED_TRANSFER_ACCOUNT",
        on_charge: OnCharge::AllButFirst(table::RESTRICTED_TRANSFER_ACCOUNT),
    },
    Account {
        id: "shinhan",
        bank_code: "88",
        bank_name: "신한은행",
        number: "1103****4567",
        what: "등록되지만 결제는 NOT_AVAILABLE_BANK (은행 점검)",
        on_charge: OnCharge::Refuse(table::NOT_AVAILABLE_BANK),
    },
];

/// Finds a test account by its id.
pub fn account(id: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.id == id)
}

/// What was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instrument {
    /// 카드
    Card(Card),
    /// 계좌이체
    Account {
        /// Which one.
        account: &'static Account,
        /// Whether the issue answer leaves it out, as one of Toss's pages says it does.
        hidden: bool,
    },
}

impl Instrument {
    pub(crate) fn on_issue(&self, now: OffsetDateTime) -> Result<(), &'static Row> {
        match self {
            Self::Card(card) if card.is_expired(now) => Err(table::INVALID_CARD_EXPIRATION),
            Self::Card(card) => card.on_issue(),
            Self::Account { .. } => Ok(()),
        }
    }

    pub(crate) fn on_charge(&self, earlier: u32, now: OffsetDateTime) -> Result<(), &'static Row> {
        match self {
            // A billing key lives as long as its card.
            Self::Card(card) if card.is_expired(now) => Err(table::INVALID_CARD_EXPIRATION),
            Self::Card(card) => card.on_charge().verdict(earlier),
            Self::Account { account, .. } => account.on_charge.verdict(earlier),
        }
    }

    /// The least that can be charged, in won.
    pub(crate) fn minimum(&self) -> u64 {
        match self {
            Self::Card(_) => 100,
            Self::Account { .. } => 200,
        }
    }
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
                Err(table::INVALID_CARD_NUMBER)
            );
        }
        for bad in [
            "", "13/30", "0/30", "12/2030", "10/26", "1230", "-1/30", "+1/30",
        ] {
            assert_eq!(
                read(number, bad, "900101", "12"),
                Err(table::INVALID_CARD_EXPIRATION),
                "{bad}"
            );
        }
        assert!(read(number, "11/26", "900101", "12").is_ok());
        assert_eq!(
            read(number, "12/30", "9001011", "12"),
            Err(table::INVALID_BIRTH_DAY_FORMAT)
        );
        assert_eq!(
            read(number, "12/30", "900101", "1"),
            Err(table::INVALID_CARD_PASSWORD)
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
        let refuse = table::REJECT_CARD_PAYMENT;
        assert_eq!(OnCharge::OnlyFirst(refuse).verdict(0), Ok(()));
        assert_eq!(OnCharge::OnlyFirst(refuse).verdict(1), Err(refuse));
        assert_eq!(OnCharge::AllButFirst(refuse).verdict(0), Err(refuse));
        assert_eq!(OnCharge::AllButFirst(refuse).verdict(1), Ok(()));
    }
}
