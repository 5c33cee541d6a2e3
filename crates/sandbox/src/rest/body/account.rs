//! The body of `POST /v1/virtual-accounts`.

use toss_model::{ErrorCode, operations::AccountRequest, payment::CashReceiptChoice};

use super::{Fields, Read, billing::email, wrong};

/// Reads it.
///
/// # Errors
/// `INVALID_REQUEST` for what is missing or of another type; `REQUIRED_ACCOUNT_KEY`,
/// `INVALID_VIRTUAL_ACCOUNT_TYPE`, `INVALID_REGISTRATION_NUMBER_TYPE`, `INVALID_EMAIL`.
pub(in crate::rest) fn account_request(body: &[u8]) -> Read<AccountRequest> {
    let fields = Fields::read(body)?;
    let valid_hours = match fields.get("validHours") {
        None => None,
        Some(hours) => {
            let hours = hours.as_u64();
            let hours = hours.ok_or_else(|| wrong("validHours", "a whole number"))?;
            Some(u16::try_from(hours).unwrap_or(u16::MAX))
        }
    };
    let fixed = match fields.optional_text("accountType")?.as_deref() {
        None | Some("일반") => None,
        Some("고정") => {
            let key = fields.optional_text("accountKey")?;
            Some(key.ok_or(ErrorCode::RequiredAccountKey)?)
        }
        Some(_) => return Err(ErrorCode::InvalidVirtualAccountType.into()),
    };
    let cash_receipt = match fields.object("cashReceipt")? {
        None => CashReceiptChoice::None,
        Some(receipt) => {
            if let Some(number) = receipt.optional_text("registrationNumber")? {
                let digits = number.bytes().all(|byte| byte.is_ascii_digit());
                if !digits || !(1..=30).contains(&number.len()) {
                    return Err(ErrorCode::InvalidRegistrationNumberType.into());
                }
            }
            CashReceiptChoice::read(&receipt.text("type")?)
                .ok_or_else(|| wrong("cashReceipt.type", "소득공제, 지출증빙 or 미발행"))?
        }
    };
    email(&fields)?;
    Ok(AccountRequest {
        amount: fields.won("amount")?,
        order_id: fields.text("orderId")?,
        order_name: fields.text("orderName")?,
        customer_name: fields.text("customerName")?,
        bank: fields.text("bank")?,
        valid_hours,
        due_date: fields.optional_text("dueDate")?,
        tax_free: fields.won_or_zero("taxFreeAmount")?,
        use_escrow: fields.flag("useEscrow")?,
        cash_receipt,
        fixed,
    })
}
