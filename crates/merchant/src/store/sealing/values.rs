//! [`SealedValues`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DbErr, ExprTrait, QueryResult,
    sea_query::{Alias, Expr, Order, Query},
};
use toss_checkout_contract::SessionId;

use super::{Place, place, with};
use crate::{
    application::{
        ports::RecordsError,
        reencrypt::{SealedValue, SealedValues},
    },
    domain::{
        ids::{AttemptId, EndpointId, PaymentMethodId, RefundId, ShopId},
        names::context,
        sealed::SealedColumn,
    },
    store::{Store, database, writer::Outcome},
};

fn name(text: &str) -> Alias {
    Alias::new(text)
}

#[async_trait]
impl SealedValues for Store {
    async fn sealed_with(
        &self,
        column: SealedColumn,
        keys: &[&str],
        after: &str,
        limit: u64,
    ) -> Result<Vec<SealedValue>, RecordsError> {
        let at = place(column);
        let sealed: Vec<String> = keys.iter().map(|key| with(at.column, key)).collect();
        let mut select = Query::select();
        select
            .columns([at.id, at.column].map(name))
            .from(name(at.table))
            .and_where(Expr::col(name(at.id)).gt(after))
            .and_where(Expr::cust(format!("({})", sealed.join(" OR "))))
            .order_by(name(at.id), Order::Asc)
            .limit(limit);
        if column == SealedColumn::BillingKey {
            select.columns(["session_id", "customer_key"].map(name));
        }
        let rows = self.read.query_all(&select).await.map_err(database)?;
        rows.iter()
            .map(|row| value(column, &at, row).map_err(database))
            .collect()
    }

    async fn replace_sealed(
        &self,
        column: SealedColumn,
        values: Vec<(SealedValue, String)>,
    ) -> Result<u64, RecordsError> {
        if values.is_empty() {
            return Ok(0);
        }
        let at = place(column);
        let updates = values.into_iter().map(|(was, new)| {
            let mut update = Query::update();
            update
                .table(name(at.table))
                .value(name(at.column), new)
                .and_where(Expr::col(name(at.id)).eq(was.id))
                .and_where(Expr::col(name(at.column)).eq(was.stored));
            if column == SealedColumn::SigningSecrets {
                // Whoever has read the endpoint to change it would write the old texts back.
                let updated_at = Expr::col(name("updated_at"));
                update.value(name("updated_at"), updated_at.add(1_i64));
            }
            update
        });
        let updates: Vec<_> = updates.collect();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let mut replaced = 0;
                    for update in &updates {
                        replaced += tx.execute(update).await?.rows_affected();
                    }
                    Ok(Outcome::Keep(replaced))
                })
            })
            .await
    }
}

fn value(column: SealedColumn, at: &Place, row: &QueryResult) -> Result<SealedValue, DbErr> {
    let id: String = row.try_get("", at.id)?;
    let context = match column {
        SealedColumn::BillingKey => {
            let session: Option<String> = row.try_get("", "session_id")?;
            let session = session
                .map(SessionId::new)
                .transpose()
                .map_err(|error| DbErr::Type(error.to_string()))?;
            let customer: String = row.try_get("", "customer_key")?;
            context::billing_key(
                &PaymentMethodId::new(id.as_str()),
                session.as_ref(),
                &customer,
            )
        }
        SealedColumn::SecretKey => context::shop_secret(&ShopId::new(id.as_str())),
        SealedColumn::SigningSecrets => context::signing_secret(&EndpointId::new(id.as_str())),
        SealedColumn::RefundAccount => context::refund_account(&RefundId::new(id.as_str())),
        SealedColumn::OneTimeKey => context::one_time_key(&AttemptId::new(id.as_str())),
        SealedColumn::RequestDigest => context::api_request(&id),
        SealedColumn::RequestAnswer => context::api_answer(&id),
    };
    Ok(SealedValue {
        stored: row.try_get("", at.column)?,
        id,
        context,
    })
}
