//! Writes the configured key pairs down as shops, so that every row can name the one it belongs to.

use toss_checkout_contract::{ClientKey, SecretKey};

use super::{
    error::UseCaseError,
    ports::{Page, Records},
};
use crate::{
    crypto::{CryptoError, KeyRing, key_id},
    domain::{
        ids::ShopId,
        names::{context, key_fingerprint},
        shop::{Shop, ShopPurpose, mode_name},
        time::Millis,
    },
};

/// A key pair as it is configured.
#[derive(Debug, Clone)]
pub struct ShopKeys {
    /// The shop.
    pub id: ShopId,
    /// What its contract is for.
    pub purpose: ShopPurpose,
    /// The public key.
    pub client_key: ClientKey,
    /// The key for Toss's REST API.
    pub secret_key: SecretKey,
}

/// Writes shops down whose keys are new. Shops that are not configured any more stay, and keep their keys:
/// their payments are still theirs.
///
/// # Errors
/// The database fails, holds payments of the other mode, or a secret cannot be sealed.
pub async fn configure_shops(
    records: &dyn Records,
    keys: &KeyRing,
    configured: &[ShopKeys],
    now: Millis,
) -> Result<(), UseCaseError> {
    for pair in configured {
        let known = records.shop(&pair.id).await?;
        let fingerprint = key_fingerprint(pair.secret_key.expose());
        let bound_to = context::shop_secret(&pair.id);
        let opens = match known.as_ref() {
            Some(shop) => opens(keys, shop, &bound_to)?,
            None => false,
        };
        let same = known.as_ref().is_some_and(|shop| {
            shop.key_fingerprint == fingerprint
                && shop.client_key == pair.client_key
                && shop.purpose == pair.purpose
                && opens
        });
        if same {
            continue;
        }
        if let Some(known) = &known {
            check_mode(records, known, pair).await?;
            if known.key_fingerprint != fingerprint {
                tracing::warn!(
                    shop = %pair.id,
                    from = known.key_fingerprint,
                    to = fingerprint,
                    "the shop has another secret key than before: requests whose outcome is open are looked up with it, and never repeated"
                );
            }
        }
        let shop = Shop {
            id: pair.id.clone(),
            purpose: pair.purpose,
            mode: pair.client_key.mode(),
            client_key: pair.client_key.clone(),
            sealed_secret: keys.seal(pair.secret_key.expose(), &bound_to)?,
            key_fingerprint: fingerprint,
            merchant_id: known.as_ref().and_then(|shop| shop.merchant_id.clone()),
            created_at: known.map_or(now, |shop| shop.created_at),
        };
        records.save_shop(&shop).await?;
    }
    Ok(())
}

/// Whether a shop's secret key can be opened with the newest key. `false`: it has to be sealed anew.
///
/// # Errors
/// A key of this name is there and is another one: what is sealed with it now would lie among what nobody can
/// open any more.
fn opens(keys: &KeyRing, shop: &Shop, bound_to: &str) -> Result<bool, UseCaseError> {
    match keys.open(&shop.sealed_secret, bound_to) {
        Ok(_) => Ok(key_id(&shop.sealed_secret) == keys.ids().first().copied()),
        Err(CryptoError::Refused { key }) => Err(UseCaseError::Conflict(format!(
            "BILLING_KEY_ENCRYPTION_KEYS: the key {key} is not the one with which this database was sealed, so no registered card could be charged; put the right one back, or give the new one another name"
        ))),
        Err(error) => {
            tracing::error!(
                shop = %shop.id,
                %error,
                "cards and accounts that were sealed with this key cannot be charged; toss-merchant doctor counts them"
            );
            Ok(false)
        }
    }
}

/// Toss knows a test payment under test keys only: with live ones its state could never be learnt again,
/// and lists would add real money to made-up money.
async fn check_mode(
    records: &dyn Records,
    known: &Shop,
    pair: &ShopKeys,
) -> Result<(), UseCaseError> {
    let mode = pair.client_key.mode();
    if known.mode == mode {
        return Ok(());
    }
    let one = Page {
        limit: 1,
        before: None,
    };
    if records.sessions(one, None).await?.is_empty() {
        return Ok(());
    }
    Err(UseCaseError::Conflict(format!(
        "DATABASE_URL: the database holds sessions of {} keys, and {} has a {} key; real and test payments do not mix, so give each a database of its own",
        mode_name(known.mode),
        pair.id,
        mode_name(mode)
    )))
}
