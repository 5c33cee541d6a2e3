//! The query of `GET /v1/settlements`.

use toss_model::operations::settlements::{DateType, PAGE_DEFAULT, PAGE_MAX, SettlementPage};

use super::{Query, Read, wrong};

/// Reads it.
///
/// # Errors
/// `INVALID_REQUEST` for a missing date or a value that cannot be, `INVALID_DATE` for no day.
pub(in crate::rest) fn settlement_page(query: &str) -> Read<SettlementPage> {
    let query = Query::read(query);
    let dates = match query.get("dateType") {
        None | Some("soldDate") => DateType::Sold,
        Some("paidOutDate") => DateType::PaidOut,
        Some(_) => return Err(wrong("dateType", "soldDate or paidOutDate")),
    };
    Ok(SettlementPage {
        from: query.day("startDate")?,
        until: query.day("endDate")?,
        dates,
        page: query.count("page", 1, usize::MAX)?,
        size: query.count("size", PAGE_DEFAULT, PAGE_MAX)?,
    })
}
