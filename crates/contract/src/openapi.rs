//! Schemas of the values that read themselves from text.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    AuthKey, ClientKey, ConsentText, ConsentVersion, CustomerKey, DecimalAmount, FailureCode,
    LinkToken, OrderId, PaymentKey, SessionId, Timestamp,
};

macro_rules! texts {
    ($($name:ident: $min:literal..=$max:literal, $example:literal, $says:literal;)+) => {
        $(
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .min_length(Some($min))
                        .max_length(Some($max))
                        .description(Some($says))
                        .examples([$example])
                        .into()
                }
            }

            impl ToSchema for $name {}
        )+
    };
}

texts! {
    SessionId: 25..=67, "cs_FojCu9F2uh5DQLpgH4pOvK", "Names one checkout towards the page: cs_ and 22 to 64 letters and digits. Whoever holds it may see the checkout and finish it.";
    LinkToken: 25..=67, "cl_FojCu9F2uh5DQLpgH4pOvK", "Opens the page of one customer's subscriptions for 30 minutes: cl_ and 22 to 64 letters and digits.";
    OrderId: 6..=64, "order-2026-0001", "The merchant's number of an order: letters, digits, '-', '_' and '='.";
    CustomerKey: 2..=300, "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11", "Who the buyer is for Toss: stable and unguessable, such as a random UUID; at most 50 characters for a session.";
    PaymentKey: 1..=200, "tviva20261128102005Xk3A1", "Toss's name of a payment.";
    AuthKey: 1..=300, "bln_Xk3A1abcdef", "Toss's one-time key of a registration.";
    ClientKey: 9..=200, "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq", "The public half of a shop's pair of keys.";
    ConsentVersion: 1..=40, "ko-2026-11-1", "Finds the sentence of a consent again: visible ASCII characters.";
    ConsentText: 1..=2000, "상점이 매월 4,900원을 결제해요.", "The sentence of a consent, word for word.";
    FailureCode: 1..=100, "REJECT_CARD_PAYMENT", "Toss's code of a refusal. Toss adds codes without notice.";
    Timestamp: 20..=35, "2026-11-28T09:00:00+09:00", "A moment, RFC 3339 with an offset.";
}

impl PartialSchema for DecimalAmount {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .exclusive_minimum(Some(0))
            .description(Some(
                "In units of the currency, with at most two decimals where it has cents: 15000 in won, 12.5 in dollars.",
            ))
            .examples([12.5])
            .into()
    }
}

impl ToSchema for DecimalAmount {}
