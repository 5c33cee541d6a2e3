//! Links with which a customer opens the page of their subscriptions: made for the merchant's server,
//! recognised by the digest of their token, over after half an hour.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use toss_checkout_contract::{CustomerKey, LinkToken};

use super::{
    create_session::return_url as check_return_url, error::UseCaseError, ports::RecordsError,
    subscription_records::SubscriptionRecords,
};
use crate::{
    clock::Clock,
    crypto::random_name,
    domain::{ids::SubscriptionId, names, time::Millis},
};

/// How long a link opens the page.
const LASTS: Duration = Duration::from_mins(30);

/// A link as it is kept, under the digest of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLink {
    /// Whose subscriptions it opens.
    pub customer_key: CustomerKey,
    /// The only one that it opens; `None`: all of the customer's.
    pub subscription_id: Option<SubscriptionId>,
    /// Where "back to the shop" leads.
    pub return_url: Option<String>,
    /// When it ends.
    pub expires_at: Millis,
    /// When it was made.
    pub created_at: Millis,
}

/// Where links are kept.
#[async_trait]
pub trait CustomerLinkStore: fmt::Debug + Send + Sync {
    /// The link whose token has this digest.
    async fn customer_link(&self, digest: &str) -> Result<Option<StoredLink>, RecordsError>;
    /// Writes a new one down.
    async fn insert_customer_link(
        &self,
        digest: &str,
        link: StoredLink,
    ) -> Result<(), RecordsError>;
}

/// Makes links and recognises them.
#[derive(Debug, Clone)]
pub struct CustomerLinks {
    store: Arc<dyn CustomerLinkStore>,
    subscriptions: Arc<dyn SubscriptionRecords>,
    clock: Clock,
}

impl CustomerLinks {
    /// With what it takes.
    pub fn new(
        store: Arc<dyn CustomerLinkStore>,
        subscriptions: Arc<dyn SubscriptionRecords>,
        clock: Clock,
    ) -> Self {
        Self {
            store,
            subscriptions,
            clock,
        }
    }

    /// Makes a link; its token is told here and never again.
    ///
    /// # Errors
    /// The subscription is not the customer's, or the address is none.
    pub async fn create(
        &self,
        customer_key: CustomerKey,
        subscription_id: Option<SubscriptionId>,
        return_url: Option<String>,
    ) -> Result<(LinkToken, Millis), UseCaseError> {
        if let Some(url) = &return_url {
            check_return_url(url)?;
        }
        if let Some(id) = &subscription_id {
            self.subscriptions
                .subscription(id)
                .await?
                .filter(|subscription| subscription.customer_key == customer_key)
                .ok_or(UseCaseError::NoSubscription)?;
        }
        // Twice 131 bits: whoever reads digests in a backup gains nothing.
        let token = LinkToken::new(random_name(&random_name(LinkToken::PREFIX)))
            .map_err(|_| UseCaseError::Incomplete("token"))?;
        let now = self.clock.now();
        let link = StoredLink {
            customer_key,
            subscription_id,
            return_url,
            expires_at: now.plus(LASTS),
            created_at: now,
        };
        let expires_at = link.expires_at;
        let digest = names::customer_link(token.expose());
        self.store.insert_customer_link(&digest, link).await?;
        Ok((token, expires_at))
    }

    /// What a token opens, if it opens anything. It is found by its digest, so that how long that takes
    /// tells nothing about the token.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open(&self, token: &LinkToken) -> Result<Option<StoredLink>, RecordsError> {
        let digest = names::customer_link(token.expose());
        let now = self.clock.now();
        let found = self.store.customer_link(&digest).await?;
        Ok(found.filter(|link| now < link.expires_at))
    }
}
