//! Bodies of confirm and cancel, and the query of the transactions.

use time::{Duration, OffsetDateTime};
use toss_model::{
    ErrorCode, Refusal, moment,
    money::Sum,
    operations::{
        CancelRequest,
        transactions::{PAGE_DEFAULT, PAGE_MAX, Page},
    },
    payment::RefundAccount,
};

use super::{Fields, Query, Read, missing};

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
            amount: fields.sum("amount")?.ok_or_else(|| missing("amount"))?,
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
        return Err(Refusal::invalid(
            "cancelReason is longer than 200 characters",
        ));
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
        let text = query.get(name).ok_or_else(|| missing(name))?;
        moment::parse_date_time(text)
            .ok_or_else(|| ErrorCode::InvalidDate.reason(format!("{name} is no date")))
    };
    let from: OffsetDateTime = date("startDate")?;
    let end: OffsetDateTime = date("endDate")?;
    if end < from {
        return Err(ErrorCode::InvalidDate.reason("endDate is before startDate"));
    }
    Ok(Page {
        from,
        until: end + Duration::SECOND,
        starting_after: query.get("startingAfter").map(str::to_owned),
        limit: query.count("limit", PAGE_DEFAULT, PAGE_MAX)?,
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_confirm_takes_numbers_and_texts() {
        let body = |amount: &str| {
            let json = format!(r#"{{"paymentKey":"p","orderId":"o","amount":{amount},"extra":1}}"#);
            ConfirmBody::read(json.as_bytes())
                .map(|body| body.amount)
                .map_err(|refusal| refusal.code)
        };
        let expected = Sum::whole(15_000).unwrap();
        for good in ["15000", "\"15000\"", "15000.0", "\"15000.00\""] {
            assert_eq!(body(good), Ok(expected), "{good}");
        }
        assert_eq!(body("-1"), Err(ErrorCode::BelowZeroAmount));
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
            assert_eq!(body(bad), Err(ErrorCode::InvalidRequest), "{bad}");
        }
    }

    #[test]
    fn a_cancel_needs_a_reason_of_at_most_two_hundred_characters() {
        let body = |reason: &str| format!(r#"{{"cancelReason":"{reason}"}}"#);
        assert!(cancel_request(body(&"가".repeat(200)).as_bytes()).is_ok());
        for bad in [body(""), body(&"가".repeat(201)), "{}".to_owned()] {
            let refusal = cancel_request(bad.as_bytes()).unwrap_err();
            assert_eq!(refusal.code, ErrorCode::InvalidRequest);
            assert!(refusal.reason.unwrap().contains("cancelReason"));
        }
    }

    #[test]
    fn the_last_second_counts_and_a_day_begins_at_midnight() {
        let page =
            transactions_page("startDate=2026-11-21&endDate=2026-11-21T23%3A59%3A59").unwrap();
        assert_eq!(page.from, datetime!(2026-11-21 00:00 +9));
        assert_eq!(page.until, datetime!(2026-11-22 00:00 +9));
        let code = |query: &str| transactions_page(query).unwrap_err().code;
        assert_eq!(code("startDate=2026-11-21"), ErrorCode::InvalidRequest);
        assert_eq!(code("startDate=x&endDate=y"), ErrorCode::InvalidDate);
        assert_eq!(
            code("startDate=2026-11-22&endDate=2026-11-21"),
            ErrorCode::InvalidDate
        );
    }
}
