//! Bodies of registration and charge.

use time::OffsetDateTime;
use toss_model::{ErrorCode, card::Card, operations::ChargeRequest};

use super::{Fields, Read};

/// The body of issue.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::rest) struct IssueBody {
    /// From the redirect.
    pub(in crate::rest) auth_key: String,
    /// From the redirect.
    pub(in crate::rest) customer_key: String,
}

impl IssueBody {
    /// # Errors
    /// `INVALID_REQUEST` for what is missing or of another type.
    pub(in crate::rest) fn read(body: &[u8]) -> Read<Self> {
        let fields = Fields::read(body)?;
        Ok(Self {
            auth_key: fields.text("authKey")?,
            customer_key: fields.text("customerKey")?,
        })
    }
}

/// The body of a registration without a window.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::rest) struct CardBody {
    /// The merchant's name for the buyer.
    pub(in crate::rest) customer_key: String,
    /// What the buyer told the merchant.
    pub(in crate::rest) card: Card,
}

impl CardBody {
    /// # Errors
    /// `INVALID_REQUEST` for what is missing or of another type; the first thing that is wrong with the
    /// card; `INVALID_EMAIL`.
    pub(in crate::rest) fn read(body: &[u8], now: OffsetDateTime) -> Read<Self> {
        let fields = Fields::read(body)?;
        let customer_key = fields.text("customerKey")?;
        email(&fields)?;
        let card = Card::keyed_in(
            &fields.text("cardNumber")?,
            &fields.text("cardExpirationYear")?,
            &fields.text("cardExpirationMonth")?,
            &fields.text("customerIdentityNumber")?,
            fields.optional_text("cardPassword")?.as_deref(),
            now,
        )?;
        Ok(Self { customer_key, card })
    }
}

/// Something on either side of one `@`, no spaces.
pub(super) fn email(fields: &Fields) -> Read<()> {
    let Some(text) = fields.optional_text("customerEmail")? else {
        return Ok(());
    };
    let fits = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(' ')
    });
    if fits && text.chars().count() <= 100 {
        Ok(())
    } else {
        Err(ErrorCode::InvalidEmail.into())
    }
}

/// Reads the body of a charge.
///
/// # Errors
/// `INVALID_REQUEST` for what is missing or of another type, `BELOW_ZERO_AMOUNT` for a negative amount.
pub(in crate::rest) fn charge_request(body: &[u8]) -> Read<ChargeRequest> {
    let fields = Fields::read(body)?;
    Ok(ChargeRequest {
        customer_key: fields.text("customerKey")?,
        amount: fields.won("amount")?,
        order_id: fields.text("orderId")?,
        order_name: fields.text("orderName")?,
        tax_free: fields.won_or_zero("taxFreeAmount")?,
        tax_exemption: fields.won_or_zero("taxExemptionAmount")?,
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_card_may_leave_out_its_password_but_nothing_else() {
        let now = datetime!(2026-11-21 09:00 +9);
        let body = serde_json::json!({
            "customerKey": "user-1", "cardNumber": "9410001234567890", "cardExpirationYear": "30",
            "cardExpirationMonth": "12", "customerIdentityNumber": "900101",
        });
        assert!(CardBody::read(body.to_string().as_bytes(), now).is_ok());
        for name in [
            "customerKey",
            "cardNumber",
            "cardExpirationYear",
            "cardExpirationMonth",
            "customerIdentityNumber",
        ] {
            let mut less = body.clone();
            less.as_object_mut().unwrap().remove(name);
            let read = CardBody::read(less.to_string().as_bytes(), now);
            let refusal = read.unwrap_err();
            assert_eq!(refusal.code, ErrorCode::InvalidRequest, "{name}");
            assert_eq!(refusal.reason.unwrap(), format!("{name} is missing"));
        }
        for (name, value, code) in [
            ("cardNumber", "433012", ErrorCode::InvalidCardNumber),
            (
                "cardExpirationMonth",
                "13",
                ErrorCode::InvalidCardExpiration,
            ),
            (
                "customerIdentityNumber",
                "9001",
                ErrorCode::InvalidBirthDayFormat,
            ),
            ("cardPassword", "1", ErrorCode::InvalidCardPassword),
            ("customerEmail", "no mail", ErrorCode::InvalidEmail),
        ] {
            let mut other = body.clone();
            other[name] = value.into();
            let refusal = CardBody::read(other.to_string().as_bytes(), now).unwrap_err();
            assert_eq!(refusal.code, code);
        }
    }
}
