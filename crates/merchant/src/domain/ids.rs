//! Names of our own rows. They are made once, at random or derived, and never change.

use std::{convert::Infallible, fmt, str::FromStr};

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What a name that was made at random begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Takes a name as it is.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .examples([concat!($prefix, "4pQx7RtK2mV9bN3cZ8wYhL")])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(name: &str) -> Result<Self, Infallible> {
                Ok(Self::new(name))
            }
        }
    };
}

row_id!(
    /// A shop: one Toss merchant id with its key pair.
    ShopId,
    "shop_"
);
row_id!(
    /// A customer.
    CustomerId,
    "cus_"
);
row_id!(
    /// A registered card or account.
    PaymentMethodId,
    "pm_"
);
row_id!(
    /// A payment: one order's money.
    PaymentId,
    "pay_"
);
row_id!(
    /// A request to Toss that moves money. Computed from what it is about, so that every process
    /// names it the same.
    AttemptId,
    "att_"
);
row_id!(
    /// A refund.
    RefundId,
    "ref_"
);
row_id!(
    /// Something that happened, as shops are told.
    EventId,
    "evt_"
);
row_id!(
    /// Where events are sent.
    EndpointId,
    "ep_"
);
row_id!(
    /// A key of the merchant API.
    ApiKeyId,
    "key_"
);
row_id!(
    /// A subscription.
    SubscriptionId,
    "sub_"
);
row_id!(
    /// What a subscription owes for a period, or for a change within one.
    InvoiceId,
    "inv_"
);
row_id!(
    /// What a subscriber agreed to.
    ConsentId,
    "con_"
);
row_id!(
    /// What a subscriber is to be told before a charge. Computed from the step that it came due with.
    NoticeId,
    "ntc_"
);
