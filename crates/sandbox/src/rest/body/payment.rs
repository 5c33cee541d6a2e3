//! Bodies of confirm and cancel, and the query of the transactions.

use time::{Date, Duration, OffsetDateTime};

use super::{Fields, Query, Read};
use crate::{
    errors::table,
    state::{
        CancelRequest, RefundAccount, moment,
        money::Sum,
        transactions::{PAGE_DEFAULT, PAGE_MAX, Page},
    },
};

/// The body of confirm.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::rest) struct ConfirmBody {
    /// Toss's name for the payment.
    pub(in crate::rest) payment_key: String,
    /// The merchant's.
    pub(in crate::rest) order_id: String,
    /// In the payment's currency.
    pub(in crate::rest) amount: Sum,
}

impl ConfirmBody {
    /// # Errors
    /// `INVALID_REQUEST` for what is missing or of another type.
    pub(in crate::rest) fn read(body: &[u8]) -> Read<Self> {
        let fields = Fields::read(body)?;
        Ok(Self {
            payment_key: fields.text("paymentKey")?,
            order_id: fields.text("orderId")?,
            amount: fields.sum("amount")?.ok_or(table::INVALID_REQUEST)?,
        })
    }
}

/// Reads the body of a cancel.
///
/// # Errors
/// `INVALID_REQUEST` for what is missing, too long or of another type.
pub(in crate::rest) fn cancel_request(body: &[u8]) -> Read<CancelRequest> {
    let fields = Fields::read(body)?;
    let reason = fields.text("cancelReason")?;
    if reason.chars().count() > 200 {
        return Err(table::INVALID_REQUEST);
    }
    let account = match fields.object("refundReceiveAccount")? {
        None => None,
        Some(account) => Some(RefundAccount {
            // The request says bank, the answer bankCode.
            bank: account.optional_text("bank")?.unwrap_or_default(),
            number: account.optional_text("accountNumber")?.unwrap_or_default(),
            holder: account.optional_text("holderName")?.unwrap_or_default(),
        }),
    };
    Ok(CancelRequest {
        reason,
        amount: fields.sum("cancelAmount")?,
        account,
        tax_free: fields.sum("taxFreeAmount")?,
        refundable: fields.sum("refundableAmount")?,
        currency: fields.optional_text("currency")?,
        request_id: fields.optional_text("cancelRequestId")?,
    })
}

/// Reads the query of the transactions. A date without a time is its midnight; the second that `endDate`
/// names still counts. Source: <https://docs.tosspayments.com/guides/apis/transactions>.
///
/// # Errors
/// `INVALID_REQUEST` for a missing date or a limit that cannot be, `INVALID_DATE` for no date.
pub(in crate::rest) fn transactions_page(query: &str) -> Read<Page> {
    let query = Query::read(query);
    let date = |name| {
        let text = query.get(name).ok_or(table::INVALID_REQUEST)?;
        moment::parse_date_time(text).ok_or(table::INVALID_DATE)
    };
    let from: OffsetDateTime = date("startDate")?;
    let end: OffsetDateTime = date("endDate")?;
    if end < from {
        return Err(table::INVALID_DATE);
    }
    Ok(Page {
        from,
        until: end + Duration::SECOND,
        starting_after: query.get("startingAfter").map(str::to_owned),
        limit: query.limit(PAGE_DEFAULT, PAGE_MAX)?,
    })
}

/// A Korean day, `2026-11-21`.
pub(super) fn day(text: &str) -> Read<Date> {
    moment::parse_date(text).ok_or(table::INVALID_DATE)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_confirm_takes_numbers_and_texts() {
        let body = |amount: &str| {
            let json = format!(r#"{{"paymentKey":"p","orderId":"o","amount":{amount},"extra":1}}"#);
            ConfirmBody::read(json.as_bytes()).map(|body| body.amount)
        };
        let expected = Sum::whole(15_000).unwrap();
        for good in ["15000", "\"15000\"", "15000.0", "\"15000.00\""] {
            assert_eq!(body(good), Ok(expected), "{good}");
        }
        assert_eq!(body("-1"), Err(table::BELOW_ZERO_AMOUNT));
        for bad in [
            "null",
            "1.555",
            "1e40",
            "\"\"",
            "\"1,000\"",
            "\"-1\"",
            "[]",
            "true",
        ] {
            assert_eq!(body(bad), Err(table::INVALID_REQUEST), "{bad}");
        }
    }

    #[test]
    fn a_cancel_needs_a_reason_of_at_most_two_hundred_characters() {
        let body = |reason: &str| format!(r#"{{"cancelReason":"{reason}"}}"#);
        assert!(cancel_request(body(&"가".repeat(200)).as_bytes()).is_ok());
        for bad in [body(""), body(&"가".repeat(201)), "{}".to_owned()] {
            assert_eq!(cancel_request(bad.as_bytes()), Err(table::INVALID_REQUEST));
        }
    }

    #[test]
    fn the_last_second_counts_and_a_day_begins_at_midnight() {
        let page =
            transactions_page("startDate=2026-11-21&endDate=2026-11-21T23%3A59%3A59").unwrap();
        assert_eq!(page.from, datetime!(2026-11-21 00:00 +9));
        assert_eq!(page.until, datetime!(2026-11-22 00:00 +9));
        let code = |query: &str| transactions_page(query).unwrap_err();
        assert_eq!(code("startDate=2026-11-21"), table::INVALID_REQUEST);
        assert_eq!(code("startDate=x&endDate=y"), table::INVALID_DATE);
        assert_eq!(
            code("startDate=2026-11-22&endDate=2026-11-21"),
            table::INVALID_DATE
        );
    }
}
