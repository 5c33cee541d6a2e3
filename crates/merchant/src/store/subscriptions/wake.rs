//! Makes subscriptions due because something has changed that they wait for.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{Alias, Expr, Query, SelectStatement},
};

use crate::{
    domain::{
        ids::{InvoiceId, PaymentMethodId, ShopId},
        subscription::SubscriptionStatus,
        time::Millis,
    },
    store::{
        columns::Text,
        entities::{invoice, subscription},
    },
};

/// The subscription of an invoice is due: a charge of it has an outcome.
pub(in crate::store) async fn wake_by_invoice(
    tx: &DatabaseTransaction,
    id: &InvoiceId,
    now: Millis,
) -> Result<(), DbErr> {
    let of = Query::select()
        .column(invoice::Column::SubscriptionId)
        .from(invoice::Entity)
        .and_where(invoice::Column::Id.eq(Text(id.clone())))
        .to_owned();
    wake(tx, Expr::col(Alias::new("id")).in_subquery(of), now).await
}

/// The subscriptions of a card or account are due: it can no longer be charged.
pub(in crate::store) async fn wake_by_method(
    tx: &DatabaseTransaction,
    id: &PaymentMethodId,
    now: Millis,
) -> Result<(), DbErr> {
    let condition = subscription::Column::PaymentMethodId
        .eq(Text(id.clone()))
        .and(subscription::Column::Status.ne(Text(SubscriptionStatus::Canceled)));
    wake(tx, condition, now).await
}

pub(super) async fn wake_held(
    tx: &DatabaseTransaction,
    shop: &ShopId,
    now: Millis,
) -> Result<(), DbErr> {
    let condition = subscription::Column::ShopId
        .eq(Text(shop.clone()))
        .and(Expr::col(Alias::new("id")).in_subquery(held()));
    wake(tx, condition, now).await
}

/// The subscriptions whose invoices are held; few, unless much is wrong.
pub(in crate::store) fn held() -> SelectStatement {
    Query::select()
        .column(invoice::Column::SubscriptionId)
        .from(invoice::Entity)
        // Word for word as in the condition of the index `invoices_held`.
        .and_where(Expr::cust("status = 'held'"))
        .to_owned()
}

/// Whoever has read the row decides without what it is woken for: the revision counts up, so no step that was
/// decided so is written, least of all another charge for what is paid by now. The lease counts up as well,
/// so whoever holds the row does not say when it is due next.
async fn wake(
    tx: &DatabaseTransaction,
    condition: sea_orm::sea_query::SimpleExpr,
    now: Millis,
) -> Result<(), DbErr> {
    let update = Query::update()
        .table(subscription::Entity)
        .value(subscription::Column::NextActionAt, now.0)
        .value(
            subscription::Column::LeaseNo,
            Expr::col(Alias::new("lease_no")).add(1_i64),
        )
        .value(
            subscription::Column::Revision,
            Expr::col(Alias::new("revision")).add(1_i64),
        )
        .and_where(condition)
        .to_owned();
    tx.execute(&update).await?;
    Ok(())
}
