//! The body of `POST /v1/payments/key-in`.

use time::OffsetDateTime;
use toss_model::{card::Card, operations::KeyInRequest};

use super::{Fields, Read, billing::email, wrong};

/// Reads it.
///
/// # Errors
/// `INVALID_REQUEST` for what is missing or of another type; the first thing that is wrong with the card;
/// `INVALID_EMAIL`.
pub(in crate::rest) fn key_in_request(body: &[u8], now: OffsetDateTime) -> Read<KeyInRequest> {
    let fields = Fields::read(body)?;
    email(&fields)?;
    let installment = match fields.get("cardInstallmentPlan") {
        None => 0,
        Some(months) => months
            .as_u64()
            .and_then(|months| u8::try_from(months).ok())
            .ok_or_else(|| wrong("cardInstallmentPlan", "a number of months"))?,
    };
    let card = Card::keyed_in(
        &fields.text("cardNumber")?,
        &fields.text("cardExpirationYear")?,
        &fields.text("cardExpirationMonth")?,
        &fields.text("customerIdentityNumber")?,
        fields.optional_text("cardPassword")?.as_deref(),
        now,
    )?;
    Ok(KeyInRequest {
        amount: fields.won("amount")?,
        order_id: fields.text("orderId")?,
        order_name: fields.text("orderName")?,
        card,
        installment,
        tax_free: fields.won_or_zero("taxFreeAmount")?,
    })
}
