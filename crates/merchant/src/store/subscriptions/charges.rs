//! How a shop's last charges ended.

use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use toss_checkout_contract::FailureCode;

use crate::{
    application::subscription_records::ChargeOutcome,
    domain::{
        attempt::AttemptStatus,
        ids::{InvoiceId, ShopId},
        time::Millis,
    },
    store::{columns::Text, entities::attempt},
};

/// The newest first, each with the code of the charge before it of the same invoice.
pub(super) async fn last(
    database: &DatabaseConnection,
    shop: &ShopId,
    after: Option<Millis>,
    limit: u64,
) -> Result<Vec<ChargeOutcome>, DbErr> {
    let rows: Vec<Settled> = last_charges(shop, after, limit)
        .into_tuple()
        .all(database)
        .await?;
    let invoices: Vec<_> = rows
        .iter()
        .filter(|(_, code, _, no)| code.is_some() && *no > 1)
        .map(|(_, _, invoice, _)| invoice.clone())
        .collect();
    let refused: Vec<(Text<InvoiceId>, i64, Text<FailureCode>)> = if invoices.is_empty() {
        Vec::new()
    } else {
        attempt::Entity::find()
            .select_only()
            .column(attempt::Column::InvoiceId)
            .column(attempt::Column::ChargeNo)
            .column(attempt::Column::FailureCode)
            .filter(attempt::Column::InvoiceId.is_in(invoices))
            .filter(attempt::Column::FailureCode.is_not_null())
            .into_tuple()
            .all(database)
            .await?
    };
    let outcomes = rows.into_iter().map(|(status, code, invoice, no)| {
        let before = refused
            .iter()
            .find(|(of, its, _)| of.0 == invoice.0 && its + 1 == no);
        ChargeOutcome {
            status: status.0,
            code: code.map(|code| code.0),
            code_before: before.map(|(_, _, code)| code.0.clone()),
        }
    });
    Ok(outcomes.collect())
}

/// Status, code, invoice and number.
type Settled = (
    Text<AttemptStatus>,
    Option<Text<FailureCode>>,
    Text<InvoiceId>,
    i64,
);

/// After every charge of a subscription this is read: see the index `attempts_last_charges`.
pub(in crate::store) fn last_charges(
    shop: &ShopId,
    after: Option<Millis>,
    limit: u64,
) -> Select<attempt::Entity> {
    attempt::Entity::find()
        .select_only()
        .column(attempt::Column::Status)
        .column(attempt::Column::FailureCode)
        .column(attempt::Column::InvoiceId)
        .column(attempt::Column::ChargeNo)
        .filter(attempt::Column::ShopId.eq(Text(shop.clone())))
        .filter(attempt::Column::InvoiceId.is_not_null())
        .filter(attempt::Column::SettledAt.is_not_null())
        .apply_if(after, |query, after| {
            query.filter(attempt::Column::SettledAt.gt(after))
        })
        .order_by_desc(attempt::Column::SettledAt)
        .limit(limit)
}
