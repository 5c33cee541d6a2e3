//! Reads the address that Toss sends the buyer back to.
//! Source: <https://docs.tosspayments.com/guides/v2/billing/integration> (billing) and
//! <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account> (payment).

use toss_checkout_contract::{
    AuthKey, CustomerKey, DecimalAmount, FailureCode, OrderId, PaymentKey,
};

use crate::query::{Query, ReturnError};

/// `message` is shown to nobody but the operator; Toss documents at most 510 characters.
const MESSAGE_MAX: usize = 510;
const CODE: &str = "code";

/// What a return address brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Return {
    /// A card or account was registered: `customerKey`, `authKey`.
    Billing(BillingReturn),
    /// The buyer finished the payment window: `paymentKey`, `orderId`, `amount`.
    Payment(PaymentReturn),
    /// Neither: `code`, `message`.
    Fail(FailReturn),
}

/// `{successUrl}?customerKey=…&authKey=…`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingReturn {
    /// To be compared with the server's own; never trusted.
    pub customer_key: CustomerKey,
    /// One-time key for the billing key.
    pub auth_key: AuthKey,
}

/// `{successUrl}?paymentKey=…&orderId=…&amount=…`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentReturn {
    /// Names the payment to be confirmed.
    pub payment_key: PaymentKey,
    /// To be compared with the server's own; never trusted.
    pub order_id: OrderId,
    /// To be compared with the server's own; never trusted. Toss does not say its currency.
    pub amount: DecimalAmount,
}

/// `{failUrl}?code=…&message=…[&orderId=…]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailReturn {
    /// Why.
    pub code: FailureCode,
    /// What Toss, or whoever wrote the address, says. Never show it as our own words.
    pub message: String,
    /// Absent for `PAY_PROCESS_CANCELED` and for billing.
    pub order_id: Option<OrderId>,
}

impl Return {
    /// Reads a return address, or its query: what it brought decides what it is. One that has keys
    /// brings keys, whatever else the merchant's own address holds; otherwise one that has a `code`
    /// is a failure.
    ///
    /// # Errors
    /// Names the parameter that is missing, repeated, undecodable, or refused by its type.
    pub fn parse(address: &str) -> Result<Self, ReturnError> {
        let query = Query::new(address)?;
        let has_payment = query.has(PaymentKey::FIELD);
        if query.has(AuthKey::FIELD) {
            Self::billing(query)
        } else if !has_payment && query.has(CODE) {
            FailReturn::read(query).map(Self::Fail)
        } else if !has_payment && query.has(CustomerKey::FIELD) {
            // Names what is missing from it.
            Self::billing(query)
        } else {
            Ok(Self::Payment(PaymentReturn {
                payment_key: query.required_key(PaymentKey::FIELD, PaymentKey::new)?,
                order_id: query.required(OrderId::FIELD, OrderId::new)?,
                amount: query.required("amount", |text| DecimalAmount::parse(&text))?,
            }))
        }
    }

    fn billing(query: Query<'_>) -> Result<Self, ReturnError> {
        Ok(Self::Billing(BillingReturn {
            customer_key: query.required(CustomerKey::FIELD, CustomerKey::new)?,
            auth_key: query.required_key(AuthKey::FIELD, AuthKey::new)?,
        }))
    }
}

impl FailReturn {
    /// Reads a fail address, or its query.
    ///
    /// # Errors
    /// Names the parameter that is missing, repeated or undecodable. A bad `orderId` is dropped,
    /// since the failure is news without it.
    pub fn parse(address: &str) -> Result<Self, ReturnError> {
        Self::read(Query::new(address)?)
    }

    fn read(query: Query<'_>) -> Result<Self, ReturnError> {
        let code = query.one(CODE)?.ok_or(ReturnError::Missing(CODE))?;
        // Keeps what a code can consist of, and no more of it than one has.
        let code = FailureCode::from(code.as_str());
        if code.as_str().is_empty() {
            return Err(ReturnError::Missing(CODE));
        }
        let message = query.one("message")?.unwrap_or_default();
        let order_id = query
            .one(OrderId::FIELD)?
            .and_then(|text| OrderId::new(text).ok());
        Ok(Self {
            code,
            message: message.chars().take(MESSAGE_MAX).collect(),
            order_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_billing_return_is_read_in_any_order_and_with_quirks() {
        for query in [
            "?customerKey=user-1&authKey=bln_abc",
            "authKey=bln_abc&customerKey=user-1",
            "?session=cs_1&&customerKey=user-1&authKey=bln%5Fabc&",
            "?session=cs_1?customerKey=user-1&authKey=bln_abc",
        ] {
            let Return::Billing(back) = Return::parse(query).unwrap() else {
                panic!("{query}");
            };
            assert_eq!(back.customer_key.expose(), "user-1");
            assert_eq!(back.auth_key.expose(), "bln_abc");
        }
    }

    #[test]
    fn a_payment_return_may_have_a_payment_type() {
        let query = "?paymentType=NORMAL&orderId=order-1&paymentKey=tgen_20240703&amount=15000";
        let Return::Payment(back) = Return::parse(query).unwrap() else {
            panic!();
        };
        assert_eq!(back.order_id.as_str(), "order-1");
        assert_eq!(back.amount, DecimalAmount::parse("15000").unwrap());
    }

    #[test]
    fn a_raw_plus_in_a_key_is_a_plus() {
        for auth_key in ["a+b+", "a%2Bb%2B", "a%20b%20"] {
            let query = ["?customerKey=user-1&authKey=", auth_key].concat();
            let Ok(Return::Billing(back)) = Return::parse(&query) else {
                panic!("{query}");
            };
            assert_eq!(back.auth_key.expose(), "a+b+");
        }
        let query = "?paymentKey=t+g/en==&orderId=order-1&amount=15000";
        let Ok(Return::Payment(back)) = Return::parse(query) else {
            panic!("{query}");
        };
        assert_eq!(back.payment_key.expose(), "t+g/en==");
        // Neither may have a `+`, so what decodes to a space is no value of theirs.
        for (query, field) in [
            ("?customerKey=user+1&authKey=a", "customerKey"),
            ("?paymentKey=a&orderId=order+1&amount=1", "orderId"),
        ] {
            assert_eq!(Return::parse(query).unwrap_err().field(), Some(field));
        }
    }

    #[test]
    fn the_whole_query_twice_is_no_contradiction() {
        let query = "?customerKey=user-1&authKey=a+b";
        assert_eq!(
            Return::parse(&[query, query].concat()),
            Return::parse(query)
        );
        let query = "?paymentKey=a&orderId=order-1&amount=1";
        let twice = [query, "&", &query[1..]].concat();
        assert_eq!(Return::parse(&twice), Return::parse(query));
    }

    #[test]
    fn each_fault_is_told_by_name() {
        let fault = |query: &str| Return::parse(query).unwrap_err();
        assert_eq!(fault(""), ReturnError::Missing("paymentKey"));
        assert_eq!(
            fault("?customerKey=user-1"),
            ReturnError::Missing("authKey")
        );
        assert_eq!(fault("?authKey=a"), ReturnError::Missing("customerKey"));
        assert_eq!(
            fault("?paymentKey=a&orderId=order-1"),
            ReturnError::Missing("amount")
        );
        assert_eq!(
            fault("?paymentKey=a&orderId=order-1&amount=1&amount=2"),
            ReturnError::Repeated("amount")
        );
        assert_eq!(
            fault("?authKey=%ff%fe&customerKey=user-1"),
            ReturnError::Undecodable("authKey")
        );
        assert_eq!(
            fault("?authKey=abc%2&customerKey=user-1"),
            ReturnError::Undecodable("authKey")
        );
        let long = format!("?customerKey=user-1&authKey={}", "a".repeat(301));
        assert_eq!(fault(&long).field(), Some("authKey"));
        assert_eq!(
            fault("?paymentKey=a&orderId=order-1&amount=").field(),
            Some("amount")
        );
    }

    #[test]
    fn keys_win_over_what_else_the_merchant_has_in_the_address() {
        let billing = "https://shop.example/done?code=SPRING&customerKey=user-1&authKey=bln_abc";
        assert!(matches!(Return::parse(billing), Ok(Return::Billing(_))));
        let fail =
            "https://shop.example/done?customerKey=user-1&code=PAY_PROCESS_CANCELED&message=x";
        let Return::Fail(back) = Return::parse(fail).unwrap() else {
            panic!("{fail}");
        };
        assert_eq!(back.code, FailureCode::PayProcessCanceled);
        assert_eq!(
            Return::parse(fail),
            FailReturn::parse(fail).map(Return::Fail)
        );
    }

    #[test]
    fn a_fail_return_keeps_the_code_and_limits_the_message() {
        let back = FailReturn::parse(
            "?code=PAY_PROCESS_CANCELED&message=%EC%82%AC%EC%9A%A9%EC%9E%90%20%EC%B7%A8%EC%86%8C+%21",
        )
        .unwrap();
        assert_eq!(back.code, FailureCode::PayProcessCanceled);
        assert_eq!(back.message, "사용자 취소 !");
        assert_eq!(back.order_id, None);

        let long = format!("?code=X&message={}&orderId=no", "a".repeat(2000));
        let back = FailReturn::parse(&long).unwrap();
        assert_eq!(back.message.len(), MESSAGE_MAX);
        assert_eq!(back.order_id, None);
        for none in ["?code=&message=x", "?code=%21+%3F"] {
            assert_eq!(FailReturn::parse(none), Err(ReturnError::Missing(CODE)));
        }
        assert_eq!(
            FailReturn::parse("?message=x"),
            Err(ReturnError::Missing("code"))
        );
    }
}
