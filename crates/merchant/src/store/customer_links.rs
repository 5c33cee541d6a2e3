//! [`CustomerLinkStore`] on this database.

use async_trait::async_trait;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{Store, columns::Text, database, entities::customer_link, writer::Outcome};
use crate::application::{
    customer_links::{CustomerLinkStore, StoredLink},
    ports::RecordsError,
};

#[async_trait]
impl CustomerLinkStore for Store {
    async fn customer_link(&self, digest: &str) -> Result<Option<StoredLink>, RecordsError> {
        let row = customer_link::Entity::find_by_id(digest)
            .one(&self.read)
            .await
            .map_err(database)?;
        Ok(row.map(|row| StoredLink {
            customer_key: row.customer_key.0,
            subscription_id: row.subscription_id.map(|it| it.0),
            return_url: row.return_url,
            expires_at: row.expires_at,
            created_at: row.created_at,
        }))
    }

    async fn insert_customer_link(
        &self,
        digest: &str,
        link: StoredLink,
    ) -> Result<(), RecordsError> {
        let row = customer_link::ActiveModel {
            token_digest: Set(digest.to_owned()),
            customer_key: Set(Text(link.customer_key)),
            subscription_id: Set(link.subscription_id.map(Text)),
            return_url: Set(link.return_url),
            expires_at: Set(link.expires_at),
            created_at: Set(link.created_at),
        };
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    customer_link::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await
    }
}
