//! [`ApiRequestStore`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use super::{Store, database, entities::api_request, is_duplicate, writer::Outcome};
use crate::{
    application::{
        api_requests::{ApiRequestStore, Release, StoredRequest},
        ports::RecordsError,
    },
    domain::time::Millis,
};

#[async_trait]
impl ApiRequestStore for Store {
    async fn api_request(&self, key: &str) -> Result<Option<StoredRequest>, RecordsError> {
        let row = api_request::Entity::find_by_id(key)
            .one(&self.read)
            .await
            .map_err(database)?;
        Ok(row.map(|row| {
            let status = row.status.and_then(|status| u16::try_from(status).ok());
            StoredRequest {
                key: row.idempotency_key,
                route: row.route,
                sealed_digest: row.digest,
                answer: status.zip(row.body),
                created_at: row.created_at,
                held_until: row.held_until,
            }
        }))
    }

    async fn insert_api_request(&self, request: StoredRequest) -> Result<bool, RecordsError> {
        let (status, body) = request.answer.unzip();
        let row = api_request::ActiveModel {
            idempotency_key: Set(request.key),
            route: Set(request.route),
            digest: Set(request.sealed_digest),
            status: Set(status.map(Into::into)),
            body: Set(body),
            created_at: Set(request.created_at),
            held_until: Set(request.held_until),
        };
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let inserted = api_request::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await;
                    match inserted {
                        Ok(_) => Ok(Outcome::Keep(true)),
                        Err(error) if is_duplicate(&error) => Ok(Outcome::Undo(false)),
                        Err(error) => Err(error),
                    }
                })
            })
            .await
    }

    async fn hold_api_request(
        &self,
        key: &str,
        was: Option<Millis>,
        until: Millis,
    ) -> Result<bool, RecordsError> {
        let held = api_request::Column::HeldUntil;
        let update = api_request::Entity::update_many()
            .col_expr(held, Expr::value(until))
            .filter(api_request::Column::IdempotencyKey.eq(key))
            .filter(api_request::Column::Status.is_null())
            .filter(was.map_or_else(|| held.is_null(), |was| held.eq(was)));
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let updated = update.exec(tx).await?;
                    Ok(Outcome::Keep(updated.rows_affected == 1))
                })
            })
            .await
    }

    async fn release_api_request(
        &self,
        key: &str,
        held_until: Millis,
        release: Release,
    ) -> Result<bool, RecordsError> {
        let mine = api_request::Column::IdempotencyKey
            .eq(key)
            .and(api_request::Column::HeldUntil.eq(held_until))
            .and(api_request::Column::Status.is_null());
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let free = Expr::value(None::<Millis>);
                    let rows = match release {
                        Release::Forget => {
                            let delete = api_request::Entity::delete_many().filter(mine);
                            delete.exec(tx).await?.rows_affected
                        }
                        Release::Free => {
                            let update = api_request::Entity::update_many()
                                .col_expr(api_request::Column::HeldUntil, free)
                                .filter(mine);
                            update.exec(tx).await?.rows_affected
                        }
                        Release::Keep(status, body) => {
                            let update = api_request::Entity::update_many()
                                .col_expr(api_request::Column::HeldUntil, free)
                                .col_expr(
                                    api_request::Column::Status,
                                    Expr::value(i32::from(status)),
                                )
                                .col_expr(api_request::Column::Body, Expr::value(body))
                                .filter(mine);
                            update.exec(tx).await?.rows_affected
                        }
                    };
                    Ok(Outcome::Keep(rows == 1))
                })
            })
            .await
    }
}
