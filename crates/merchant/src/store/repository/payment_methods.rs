//! [`PaymentMethodRecords`] on this database.

use async_trait::async_trait;
use sea_orm::ColumnTrait;
use toss_checkout_contract::CustomerKey;

use super::by;
use crate::{
    application::ports::{PaymentMethodRecords, RecordsError},
    domain::{
        ids::{PaymentMethodId, ShopId},
        payment_method::PaymentMethod,
    },
    store::{Store, columns::Text, entities::payment_method},
};

#[async_trait]
impl PaymentMethodRecords for Store {
    async fn payment_method(
        &self,
        id: &PaymentMethodId,
    ) -> Result<Option<PaymentMethod>, RecordsError> {
        let found = self
            .method_where(by(payment_method::Column::Id.eq(Text(id.clone()))))
            .await?;
        Ok(found.into_iter().next())
    }

    async fn payment_method_of_key(
        &self,
        shop: Option<&ShopId>,
        key_digest: &str,
    ) -> Result<Option<PaymentMethod>, RecordsError> {
        let mut condition = by(payment_method::Column::KeyDigest.eq(key_digest));
        if let Some(shop) = shop {
            condition = condition.add(payment_method::Column::ShopId.eq(Text(shop.clone())));
        }
        Ok(self.method_where(condition).await?.into_iter().next())
    }

    async fn payment_methods(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<PaymentMethod>, RecordsError> {
        self.method_where(by(
            payment_method::Column::CustomerKey.eq(Text(customer.clone()))
        ))
        .await
    }
}
