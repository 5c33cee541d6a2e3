//! What every use case works with.

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use toss_checkout_contract::{BillingKey, SecretKey, SessionKind};
use tracing::Instrument;

use super::{
    change::{Change, Committed},
    error::UseCaseError,
    ports::{Queue, Records, RecordsError},
    provider::{Credentials, PaymentProvider},
    subscription_records::SubscriptionRecords,
    wake::Wake,
};
use crate::{
    clock::Clock,
    crypto::KeyRing,
    domain::{
        attempt::Attempt,
        ids::ShopId,
        names::context,
        payment::Payment,
        payment_method::PaymentMethod,
        session::SessionRecord,
        shop::{Shop, ShopPurpose},
        subscription::rules::SubscriptionRules,
        time::Millis,
    },
    notifier::Notifier,
    timing::Timing,
    trace,
};

/// Records, provider, clock, keys, listeners and running work.
#[derive(Debug)]
pub struct Services {
    /// The merchant's records.
    pub records: Arc<dyn Records>,
    /// The merchant's records of subscriptions.
    pub subscriptions: Arc<dyn SubscriptionRecords>,
    /// What the merchant has set for subscriptions.
    pub rules: SubscriptionRules,
    /// Toss, or the sandbox.
    pub provider: Arc<dyn PaymentProvider>,
    /// Now.
    pub clock: Clock,
    /// Seals what must not lie open in the database.
    pub keys: KeyRing,
    /// Who waits for changes.
    pub notifier: Notifier,
    /// The shops that take new sessions: those that are configured.
    pub shops: Vec<ShopId>,
    /// Waiting times.
    pub timing: Timing,
    /// Tells whoever does due work that there is some.
    pub wake: Wake,
    /// Work that goes on when the request that began it is gone.
    pub tasks: TaskTracker,
    /// Cancelled when the process is told to stop.
    pub stop: CancellationToken,
}

impl Services {
    /// Now.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Runs work that must not end with its request: a buyer who closes the tab does not undo a
    /// payment. Log lines keep the trace of the request.
    pub fn detach(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks
            .spawn(trace::keep(work.instrument(tracing::Span::current())));
    }

    /// Writes a change and tells who listens to its session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commit(&self, change: Change) -> Result<Committed, RecordsError> {
        let changed = change
            .session
            .as_ref()
            .map(|update| (update.id.clone(), update.revision + 1));
        let tells = !change.events.is_empty();
        let committed = self.records.commit(change, self.now()).await?;
        if committed == Committed::Done && tells {
            self.wake.up(Queue::Deliveries);
        }
        if let (Committed::Done, Some((id, revision))) = (committed, changed) {
            self.notifier.publish(&id, revision);
        }
        Ok(committed)
    }

    /// Sleeps, but not beyond the signal to stop. `false`: stopped.
    pub async fn pause(&self, time: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            () = self.stop.cancelled() => false,
        }
    }

    /// The payment that an attempt is about.
    ///
    /// # Errors
    /// The attempt names none, or one that is not there.
    pub async fn payment_of(&self, attempt: &Attempt) -> Result<Payment, UseCaseError> {
        let missing = UseCaseError::Incomplete("payment");
        match &attempt.payment_id {
            Some(id) => self.records.payment(id).await?.ok_or(missing),
            None => Err(missing),
        }
    }

    /// The checkout session that an attempt belongs to.
    ///
    /// # Errors
    /// The attempt names none, or one that is not there.
    pub async fn session_of(&self, attempt: &Attempt) -> Result<SessionRecord, UseCaseError> {
        let missing = UseCaseError::Incomplete("session");
        match &attempt.session_id {
            Some(id) => self.records.session(id).await?.ok_or(missing),
            None => Err(missing),
        }
    }

    /// A shop and its credentials.
    ///
    /// # Errors
    /// The shop is not known, or its secret cannot be opened.
    pub async fn credentials(&self, id: &ShopId) -> Result<Credentials, UseCaseError> {
        let shop = self
            .records
            .shop(id)
            .await?
            .ok_or(UseCaseError::Incomplete("shop"))?;
        let secret = self
            .keys
            .open(&shop.sealed_secret, &context::shop_secret(id))?;
        Ok(Credentials {
            shop_id: shop.id,
            secret_key: SecretKey::new(secret.as_str())
                .map_err(|_| UseCaseError::Incomplete("secret key"))?,
            fingerprint: shop.key_fingerprint,
        })
    }

    /// The shop for a new session: one that is contracted for this kind alone before one for both.
    ///
    /// # Errors
    /// No shop has such a contract.
    pub async fn shop_for(&self, kind: SessionKind) -> Result<Shop, UseCaseError> {
        let wanted = match kind {
            SessionKind::Payment => ShopPurpose::Payment,
            SessionKind::Billing => ShopPurpose::Billing,
        };
        let shops = self.records.shops().await?;
        let open = |shop: &&Shop| self.shops.contains(&shop.id);
        let of = |purpose| {
            let mut open = shops.iter().filter(open);
            open.find(|shop| shop.purpose == purpose)
        };
        of(wanted)
            .or_else(|| of(ShopPurpose::Both))
            .cloned()
            .ok_or_else(|| {
                UseCaseError::Conflict(format!(
                    "no configured key pair is for sessions of kind '{}'; see TOSS_KEY_PURPOSE, and TOSS_BILLING_CLIENT_KEY for a second contract",
                    kind.as_str()
                ))
            })
    }

    /// The billing key of a card or account.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn billing_key(&self, method: &PaymentMethod) -> Result<BillingKey, UseCaseError> {
        let key = self
            .keys
            .open(&method.sealed_key, &billing_key_context(method))?;
        BillingKey::new(key.as_str()).map_err(|_| UseCaseError::Incomplete("billing key"))
    }
}

/// What a billing key is bound to.
pub(crate) fn billing_key_context(method: &PaymentMethod) -> String {
    context::billing_key(
        &method.id,
        method.session_id.as_ref(),
        method.customer_key.expose(),
    )
}
