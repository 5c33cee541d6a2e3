//! Bodies and queries of the cash receipt calls.

use time::Date;
use toss_model::{
    operations::{
        ReceiptRequest,
        receipts::{PAGE_DEFAULT, PAGE_MAX},
    },
    payment::CashReceiptChoice,
};

use super::{Fields, Query, Read, wrong};

/// Reads the body of `POST /v1/cash-receipts`.
///
/// # Errors
/// `INVALID_REQUEST` for what is missing or of another type.
pub(in crate::rest) fn receipt_request(body: &[u8]) -> Read<ReceiptRequest> {
    let fields = Fields::read(body)?;
    let kind = CashReceiptChoice::read(&fields.text("type")?)
        .filter(|kind| *kind != CashReceiptChoice::None)
        .ok_or_else(|| wrong("type", "소득공제 or 지출증빙"))?;
    Ok(ReceiptRequest {
        amount: fields.won("amount")?,
        order_id: fields.text("orderId")?,
        order_name: fields.text("orderName")?,
        identity: fields.text("customerIdentityNumber")?,
        kind,
        tax_free: fields.won_or_zero("taxFreeAmount")?,
    })
}

/// Reads the body of a receipt's cancel; it may be left out.
///
/// # Errors
/// `INVALID_REQUEST` for another type.
pub(in crate::rest) fn cancel_amount(body: &[u8]) -> Read<Option<u64>> {
    if body.is_empty() {
        return Ok(None);
    }
    let fields = Fields::read(body)?;
    match fields.get("amount") {
        None => Ok(None),
        Some(_) => fields.won("amount").map(Some),
    }
}

/// The query of `GET /v1/cash-receipts`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::rest) struct ReceiptsPage {
    /// Which Korean day.
    pub(in crate::rest) day: Date,
    /// Behind which receipt.
    pub(in crate::rest) cursor: usize,
    /// At most so many.
    pub(in crate::rest) limit: usize,
}

impl ReceiptsPage {
    /// # Errors
    /// `INVALID_REQUEST` for a missing date, a limit or a cursor that cannot be; `INVALID_DATE`.
    pub(in crate::rest) fn read(query: &str) -> Read<Self> {
        let query = Query::read(query);
        Ok(Self {
            day: query.day("requestDate")?,
            cursor: match query.get("cursor") {
                None => 0,
                Some(text) => text.parse().map_err(|_| wrong("cursor", "a number"))?,
            },
            limit: query.count("limit", PAGE_DEFAULT, PAGE_MAX)?,
        })
    }
}
