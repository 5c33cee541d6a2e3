//! [`ShopRecords`] on this database.

use std::sync::PoisonError;

use async_trait::async_trait;
use sea_orm::{EntityTrait, QueryOrder, sea_query::OnConflict};

use crate::{
    application::ports::{RecordsError, ShopRecords},
    domain::{ids::ShopId, shop::Shop},
    store::{Store, entities::shop, records, writer::Outcome},
};

#[async_trait]
impl ShopRecords for Store {
    async fn shop(&self, id: &ShopId) -> Result<Option<Shop>, RecordsError> {
        if let Some(shop) = self.known_shop(id) {
            return Ok(Some(shop));
        }
        self.load_shops().await?;
        Ok(self.known_shop(id))
    }

    async fn shops(&self) -> Result<Vec<Shop>, RecordsError> {
        let query = shop::Entity::find().order_by_asc(shop::Column::CreatedAt);
        self.all("shops", query, |row| Ok(records::shop::record(row)))
            .await
    }

    async fn save_shop(&self, shop: &Shop) -> Result<(), RecordsError> {
        let row = records::shop::row(shop.clone());
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let insert = shop::Entity::insert(row).on_conflict(
                        OnConflict::column(shop::Column::Id)
                            .update_columns([
                                shop::Column::MerchantId,
                                shop::Column::Purpose,
                                shop::Column::Mode,
                                shop::Column::ClientKey,
                                shop::Column::SealedSecret,
                                shop::Column::KeyFingerprint,
                                shop::Column::UpdatedAt,
                            ])
                            .to_owned(),
                    );
                    insert.exec_without_returning(tx).await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await?;
        let mut shops = self.shops.write().unwrap_or_else(PoisonError::into_inner);
        shops.insert(shop.id.clone(), shop.clone());
        Ok(())
    }
}
