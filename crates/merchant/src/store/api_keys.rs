//! [`ApiKeyStore`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{
    Store,
    columns::{Json, Text},
    entities::api_key,
    records::Unreadable,
    writer::Outcome,
};
use crate::{
    application::{api_keys::ApiKeyStore, ports::RecordsError},
    domain::{api_key::ApiKey, ids::ApiKeyId, time::Millis},
};

#[expect(
    clippy::unnecessary_wraps,
    reason = "readers of rows can fail, this one does not"
)]
fn record(row: api_key::Model) -> Result<ApiKey, Unreadable> {
    Ok(ApiKey {
        id: row.id.0,
        prefix: row.prefix,
        scopes: row.scopes.0,
        label: row.label,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
        expires_at: row.expires_at,
    })
}

#[async_trait]
impl ApiKeyStore for Store {
    async fn api_keys(&self) -> Result<Vec<ApiKey>, RecordsError> {
        let query = api_key::Entity::find()
            .order_by_asc(api_key::Column::CreatedAt)
            .order_by_asc(api_key::Column::Id);
        self.all("api_keys", query, record).await
    }

    async fn api_key_of_digest(&self, digest: &str) -> Result<Option<ApiKey>, RecordsError> {
        let query = api_key::Entity::find().filter(api_key::Column::Digest.eq(digest));
        self.one("api_keys", query, record).await
    }

    async fn insert_api_key(
        &self,
        key: &ApiKey,
        digest: &str,
        replaced: Option<(ApiKeyId, Millis)>,
    ) -> Result<(), RecordsError> {
        let row = api_key::ActiveModel {
            id: Set(Text(key.id.clone())),
            prefix: Set(key.prefix.clone()),
            digest: Set(digest.to_owned()),
            scopes: Set(Json(key.scopes.clone())),
            label: Set(key.label.clone()),
            created_at: Set(key.created_at),
            last_used_at: Set(key.last_used_at),
            revoked_at: Set(key.revoked_at),
            expires_at: Set(key.expires_at),
        };
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    api_key::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await?;
                    if let Some((id, end)) = replaced {
                        api_key::Entity::update_many()
                            .col_expr(api_key::Column::ExpiresAt, Expr::value(end))
                            .filter(api_key::Column::Id.eq(Text(id)))
                            .exec(tx)
                            .await?;
                    }
                    Ok(Outcome::Keep(()))
                })
            })
            .await
    }

    async fn revoke_api_key(&self, id: &ApiKeyId, now: Millis) -> Result<bool, RecordsError> {
        let update = api_key::Entity::update_many()
            .col_expr(api_key::Column::RevokedAt, Expr::value(now))
            .filter(api_key::Column::Id.eq(Text(id.clone())))
            .filter(api_key::Column::RevokedAt.is_null());
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let updated = update.exec(tx).await?;
                    Ok(Outcome::Keep(updated.rows_affected == 1))
                })
            })
            .await
    }

    async fn api_key_was_used(&self, id: &ApiKeyId, now: Millis) -> Result<(), RecordsError> {
        let update = api_key::Entity::update_many()
            .col_expr(api_key::Column::LastUsedAt, Expr::value(now))
            .filter(api_key::Column::Id.eq(Text(id.clone())));
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    update.exec(tx).await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await
    }
}
