//! What the server's parts share.

use std::{ops::Deref, sync::Arc};

use crate::{
    application::{
        api_keys::ApiKeys, api_requests::ApiRequests, customer_links::CustomerLinks,
        deliver_event::DeliverEvent, endpoints::Endpoints, events::Events, services::Services,
    },
    config::Config,
    jobs::backlog::Readiness,
    store::Store,
};

/// Settings, addresses, and what use cases work with. Derefs to the services, which everything needs.
#[derive(Debug)]
pub struct AppState {
    /// Checked settings.
    pub config: Config,
    /// The origin under which buyers reach this server.
    pub public_origin: String,
    /// How this machine reaches the server itself.
    pub local_origin: String,
    /// The database; use cases know it as their records.
    pub store: Arc<Store>,
    /// What use cases work with.
    pub services: Arc<Services>,
    /// Events as they are read and sent again.
    pub events: Arc<Events>,
    /// Where events go.
    pub endpoints: Arc<Endpoints>,
    /// Who may call the merchant API beside `MERCHANT_API_KEY`.
    pub api_keys: ApiKeys,
    /// Links to customers' subscriptions.
    pub customer_links: CustomerLinks,
    /// Answers of the merchant API under their idempotency keys.
    pub api_requests: ApiRequests,
    /// Sends events.
    pub deliver_event: Arc<DeliverEvent>,
    /// Which due work is late.
    pub readiness: Arc<Readiness>,
}

impl Deref for AppState {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}
