//! Columns with types: validated values and words as text, structures as JSON, moments as milliseconds.
//! A value that cannot be read is an error of its row, and names the value's type.

use std::{
    fmt::Display,
    net::{AddrParseError, IpAddr},
};

use sea_orm::{
    ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value,
    sea_query::{ArrayType, ColumnType, Nullable, StringLen, ValueType, ValueTypeErr},
};
use serde::{Serialize, de::DeserializeOwned};
use toss_checkout_contract::{
    BillingKey, ClientKey, Currency, CustomerKey, FailureCode, KeyMode, Locale, Method, OrderId,
    PaymentKey, SessionId, SessionKind, SessionStatus,
};

use crate::domain::{
    attempt::{AttemptKind, AttemptStatus},
    audit::AuditAction,
    charge::Trigger,
    delivery::DeliveryState,
    endpoint::EndpointState,
    event::EventType,
    ids::{
        ApiKeyId, AttemptId, ConsentId, CustomerId, EndpointId, EventId, InvoiceId, NoticeId,
        PaymentId, PaymentMethodId, RefundId, ShopId, SubscriptionId,
    },
    payment::{PaymentStatus, Purpose},
    payment_method::PaymentMethodStatus,
    refund::{RefundOrigin, RefundStatus},
    shop::{ShopPurpose, mode_name},
    subscription::{
        SubscriptionStatus,
        consent::ConsentKind,
        invoice::{InvoiceKind, InvoiceStatus},
        state::NoticeKind,
    },
    time::Millis,
    webhook::WebhookState,
};

/// A value that is stored as text.
pub trait TextValue: Sized {
    /// The text.
    fn to_text(&self) -> String;
    /// Reads the text; says what is wrong with it.
    fn from_text(text: &str) -> Result<Self, String>;
}

/// A column of text that holds a `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text<T>(pub T);

/// A column of text that holds a `T` as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: TextValue> From<Text<T>> for Value {
    fn from(text: Text<T>) -> Self {
        text.0.to_text().into()
    }
}

impl<T: Serialize> From<Json<T>> for Value {
    fn from(json: Json<T>) -> Self {
        // Our own types have string keys and no fallible serializers, so this is never null.
        serde_json::to_string(&json.0).ok().into()
    }
}

fn unreadable(what: impl Display) -> TryGetError {
    TryGetError::DbErr(DbErr::Type(what.to_string()))
}

impl<T: TextValue> TryGetable for Text<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        T::from_text(&text).map(Self).map_err(unreadable)
    }
}

impl<T: DeserializeOwned> TryGetable for Json<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        serde_json::from_str(&text)
            .map(Self)
            .map_err(|error| unreadable(format_args!("{}: {error}", short_name::<T>())))
    }
}

fn short_name<T>() -> &'static str {
    std::any::type_name::<T>()
        .rsplit("::")
        .next()
        .unwrap_or("JSON")
}

macro_rules! text_column {
    (<$($param:ident: $bound:path)?> $column:ty) => {
        impl<$($param: $bound)?> ValueType for $column {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                let text = <String as ValueType>::try_from(value)?;
                Self::of_text(&text).map_err(|_| ValueTypeErr)
            }

            fn type_name() -> String {
                "Text".to_owned()
            }

            fn array_type() -> ArrayType {
                ArrayType::String
            }

            fn column_type() -> ColumnType {
                ColumnType::String(StringLen::None)
            }
        }

        impl<$($param: $bound)?> Nullable for $column {
            fn null() -> Value {
                Value::String(None)
            }
        }
    };
}

impl<T: TextValue> Text<T> {
    fn of_text(text: &str) -> Result<Self, String> {
        T::from_text(text).map(Self)
    }
}

impl<T: DeserializeOwned> Json<T> {
    fn of_text(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| error.to_string())
    }
}

text_column!(<T: TextValue> Text<T>);
text_column!(<T: DeserializeOwned> Json<T>);

/// No primary key is a number that the database makes up.
impl<T: TextValue> TryFromU64 for Text<T> {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("text"))
    }
}

impl From<Millis> for Value {
    fn from(moment: Millis) -> Self {
        moment.0.into()
    }
}

impl TryGetable for Millis {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        i64::try_get_by(row, index).map(Self)
    }
}

impl ValueType for Millis {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <i64 as ValueType>::try_from(value).map(Self)
    }

    fn type_name() -> String {
        "Millis".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::BigInt
    }

    fn column_type() -> ColumnType {
        ColumnType::BigInteger
    }
}

impl Nullable for Millis {
    fn null() -> Value {
        Value::BigInt(None)
    }
}

/// Values that read themselves from text, and the reader that they have.
macro_rules! text_values {
    ($($read:ident: $($value:ty),+;)+) => {
        $($(impl TextValue for $value {
            fn to_text(&self) -> String {
                self.$read().to_owned()
            }

            fn from_text(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error: <$value as std::str::FromStr>::Err| error.to_string())
            }
        })+)+
    };
}

text_values! {
    as_str: OrderId, ApiKeyId, AttemptId, CustomerId, DeliveryState, EndpointId, EndpointState, EventId, PaymentId, PaymentMethodId, RefundId, ShopId,
        ConsentId, InvoiceId, NoticeId, NoticeKind, SubscriptionId, SubscriptionStatus, InvoiceKind, InvoiceStatus, Trigger, ConsentKind,
        AttemptKind, AttemptStatus, EventType, PaymentStatus, Purpose, PaymentMethodStatus,
        RefundOrigin, RefundStatus, ShopPurpose, WebhookState, AuditAction, ClientKey;
    expose: SessionId, CustomerKey, PaymentKey, BillingKey;
}

/// Words of the contract, by their names in JSON.
macro_rules! json_words {
    ($($word:ty),+) => {
        $(impl TextValue for $word {
            fn to_text(&self) -> String {
                self.as_str().to_owned()
            }

            fn from_text(text: &str) -> Result<Self, String> {
                serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|error| error.to_string())
            }
        })+
    };
}

json_words!(SessionKind, SessionStatus, Locale, Method, Currency);

impl TextValue for IpAddr {
    fn to_text(&self) -> String {
        self.to_string()
    }

    fn from_text(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error: AddrParseError| error.to_string())
    }
}

impl TextValue for FailureCode {
    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }
}

impl TextValue for KeyMode {
    fn to_text(&self) -> String {
        mode_name(*self).to_owned()
    }

    fn from_text(text: &str) -> Result<Self, String> {
        match text {
            "test" => Ok(Self::Test),
            "live" => Ok(Self::Live),
            _ => Err(format!("'{text}' is no mode")),
        }
    }
}
