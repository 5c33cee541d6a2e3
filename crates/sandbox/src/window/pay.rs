//! 결제하기 and 발급하기: what the buyer filled in, by the method of the window.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use toss_model::{
    ErrorCode,
    card::Card,
    institution::issuing_bank,
    instrument::{ACCOUNTS, account},
    method::{AccountChoice, Carrier, Choice, PayMethod},
    payment::CashReceiptChoice,
    window::Offer,
};

use super::form::{CardForm, card_company};

/// The fields of every payment window; each has its own few.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PayForm {
    pub(super) number: String,
    pub(super) expiry: String,
    pub(super) identity: String,
    pub(super) password: String,
    pub(super) installment: String,
    /// A wallet that was chosen instead of a card.
    pub(super) provider: Option<String>,
    /// The wallet's own money instead of the card in it.
    pub(super) balance: Option<String>,
    pub(super) account: String,
    pub(super) receipt: String,
    pub(super) carrier: String,
    /// Which bank is to issue a virtual account.
    pub(super) bank: String,
    /// Whom a virtual account names.
    pub(super) name: String,
    pub(super) agree: Option<String>,
}

impl PayForm {
    /// What the window is filled with, so that one click suffices.
    pub(super) fn prefilled(method: PayMethod, offer: &Offer) -> Self {
        let company = offer.card_company.as_deref().and_then(card_company);
        let card = CardForm::of(company);
        let number = match method {
            PayMethod::MobilePhone => offer.phone.clone().unwrap_or_default(),
            PayMethod::ForeignEasyPay => "buyer@example.com".to_owned(),
            PayMethod::CultureGiftCertificate
            | PayMethod::BookGiftCertificate
            | PayMethod::GameGiftCertificate => "4100 1234 5678 9012".to_owned(),
            PayMethod::Card | PayMethod::Transfer | PayMethod::VirtualAccount => card.number,
        };
        Self {
            number,
            expiry: card.expiry,
            identity: card.identity,
            password: card.password,
            installment: offer.installment.unwrap_or_default().to_string(),
            provider: None,
            balance: None,
            account: ACCOUNTS[0].id.to_owned(),
            receipt: offer
                .cash_receipt
                .unwrap_or(CashReceiptChoice::IncomeDeduction)
                .as_str()
                .to_owned(),
            carrier: offer
                .carriers
                .first()
                .unwrap_or(&Carrier::ALL[0])
                .as_str()
                .to_owned(),
            bank: "20".to_owned(),
            name: offer
                .customer_name
                .clone()
                .unwrap_or_else(|| "김토스".to_owned()),
            agree: Some("1".to_owned()),
        }
    }

    /// Reads it for a window of this method.
    ///
    /// # Errors
    /// What the buyer has to correct.
    pub(super) fn read(
        &self,
        method: PayMethod,
        offer: &Offer,
        now: OffsetDateTime,
    ) -> Result<Choice, ErrorCode> {
        match method {
            PayMethod::Card => match self.provider.as_deref().or(offer.provider.as_deref()) {
                Some(provider) => self.easy_pay(provider, now),
                None => Ok(Choice::Card {
                    card: self.card(now)?,
                    installment: self.months(offer)?,
                }),
            },
            PayMethod::Transfer => Ok(Choice::Transfer {
                account: account(&self.account).ok_or(ErrorCode::InvalidAccountInfoReRegister)?,
                cash_receipt: self.cash_receipt()?,
            }),
            PayMethod::MobilePhone => Ok(Choice::MobilePhone {
                carrier: Carrier::read(&self.carrier)
                    .filter(|carrier| offer.carriers.is_empty() || offer.carriers.contains(carrier))
                    .ok_or(ErrorCode::InvalidRequiredParam)?,
                number: self.digits(8..=15)?,
            }),
            PayMethod::CultureGiftCertificate
            | PayMethod::BookGiftCertificate
            | PayMethod::GameGiftCertificate => {
                self.digits(6..=30)?;
                Ok(Choice::GiftCertificate)
            }
            PayMethod::ForeignEasyPay => Ok(Choice::ForeignEasyPay {
                provider: offer.provider.clone().unwrap_or_default(),
                country: offer.country.clone().unwrap_or_default(),
            }),
            PayMethod::VirtualAccount => {
                let name = self.name.trim();
                if name.is_empty() || name.chars().count() > 100 {
                    return Err(ErrorCode::InvalidRequiredParam);
                }
                Ok(Choice::VirtualAccount(AccountChoice {
                    bank: issuing_bank(&self.bank).ok_or(ErrorCode::InvalidBank)?,
                    customer_name: name.to_owned(),
                    cash_receipt: self.cash_receipt()?,
                }))
            }
        }
    }

    fn cash_receipt(&self) -> Result<CashReceiptChoice, ErrorCode> {
        CashReceiptChoice::read(&self.receipt)
            .filter(|_| self.agree.is_some())
            .ok_or(ErrorCode::InvalidRequiredParam)
    }

    fn card(&self, now: OffsetDateTime) -> Result<Card, ErrorCode> {
        Card::read(
            &self.number,
            &self.expiry,
            &self.identity,
            &self.password,
            now,
        )
    }

    fn easy_pay(&self, provider: &str, now: OffsetDateTime) -> Result<Choice, ErrorCode> {
        let card = match self.balance {
            Some(_) => None,
            // A wallet knows the rest of the card.
            None => Some(CardForm::known(&self.number).read(now)?),
        };
        Ok(Choice::EasyPay {
            provider: provider.chars().take(40).collect(),
            card,
        })
    }

    /// 할부: what the merchant fixed, or what the buyer chose within what the merchant allows.
    fn months(&self, offer: &Offer) -> Result<u8, ErrorCode> {
        let wrong = ErrorCode::InvalidCardInstallmentPlan;
        let months: u8 = self.installment.trim().parse().map_err(|_| wrong)?;
        match (offer.installment, offer.max_installment) {
            (Some(fixed), _) if months != fixed => Err(wrong),
            (None, Some(max)) if months > max => Err(ErrorCode::ExceedMaxCardInstallmentPlan),
            _ => Ok(months),
        }
    }

    fn digits(&self, count: std::ops::RangeInclusive<usize>) -> Result<String, ErrorCode> {
        let digits: String = self.number.chars().filter(char::is_ascii_digit).collect();
        if count.contains(&digits.len()) {
            Ok(digits)
        } else {
            Err(ErrorCode::InvalidRequiredParam)
        }
    }
}
