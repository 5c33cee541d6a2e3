//! Shops.

use sea_orm::ActiveValue::{NotSet, Set};

use crate::{
    domain::shop::Shop,
    store::{
        columns::Text,
        entities::shop::{ActiveModel, Model},
    },
};

pub(in crate::store) fn record(row: Model) -> Shop {
    Shop {
        id: row.id.0,
        purpose: row.purpose.0,
        mode: row.mode.0,
        client_key: row.client_key.0,
        sealed_secret: row.sealed_secret,
        key_fingerprint: row.key_fingerprint,
        merchant_id: row.merchant_id,
        created_at: row.created_at,
    }
}

pub(in crate::store) fn row(shop: Shop) -> ActiveModel {
    ActiveModel {
        id: Set(Text(shop.id)),
        merchant_id: Set(shop.merchant_id),
        purpose: Set(Text(shop.purpose)),
        mode: Set(Text(shop.mode)),
        client_key: Set(Text(shop.client_key)),
        sealed_secret: Set(shop.sealed_secret),
        key_fingerprint: Set(shop.key_fingerprint),
        toss_free_at: NotSet,
        charges_stopped_until: NotSet,
        charges_resumed_at: NotSet,
        created_at: Set(shop.created_at),
        updated_at: Set(shop.created_at),
    }
}
