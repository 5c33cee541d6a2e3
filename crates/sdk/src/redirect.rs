//! Reads the address that Toss sends the buyer back to.
//! Source: <https://docs.tosspayments.com/guides/v2/billing/integration> (billing) and
//! <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account> (payment).

use thiserror::Error;
use toss_checkout_contract::{
    Amount, AuthKey, CustomerKey, FailureCode, OrderId, PaymentKey, ValueError,
};

/// More than any honest return address holds.
const QUERY_MAX: usize = 8 * 1024;
/// `message` is shown to nobody but the operator; Toss documents at most 510 characters.
const MESSAGE_MAX: usize = 510;

/// What a success address brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Return {
    /// A card or account was registered: `customerKey`, `authKey`.
    Billing(BillingReturn),
    /// The buyer finished the payment window: `paymentKey`, `orderId`, `amount`.
    Payment(PaymentReturn),
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
    /// To be compared with the server's own; never trusted.
    pub amount: Amount,
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

/// What is wrong with a return address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReturnError {
    /// A parameter that Toss always sends is not there.
    #[error("{0} is missing from the address")]
    Missing(&'static str),
    /// A parameter is there more than once: nobody can say which one counts.
    #[error("{0} is in the address more than once")]
    Repeated(&'static str),
    /// Not percent-encoded UTF-8.
    #[error("{0} cannot be decoded")]
    Undecodable(&'static str),
    /// A value that its type refuses.
    #[error(transparent)]
    Value(ValueError),
    /// Longer than any honest address.
    #[error("the address has {0} characters in its query")]
    TooLong(usize),
}

impl ReturnError {
    /// The parameter at fault, where it is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing(field) | Self::Repeated(field) | Self::Undecodable(field) => Some(field),
            Self::Value(error) => Some(error.field),
            Self::TooLong(_) => None,
        }
    }
}

impl Return {
    /// Reads the query of a success address. It is a billing return when it has an `authKey` or a
    /// `customerKey`, and a payment return otherwise.
    ///
    /// # Errors
    /// Names the parameter that is missing, repeated, undecodable, or refused by its type.
    pub fn parse(query: &str) -> Result<Self, ReturnError> {
        let query = Query::new(query)?;
        let is_billing = query.has(AuthKey::FIELD)
            || (query.has(CustomerKey::FIELD) && !query.has(PaymentKey::FIELD));
        if is_billing {
            return Ok(Self::Billing(BillingReturn {
                customer_key: query.required(CustomerKey::FIELD, CustomerKey::new)?,
                auth_key: query.required(AuthKey::FIELD, AuthKey::new)?,
            }));
        }
        Ok(Self::Payment(PaymentReturn {
            payment_key: query.required(PaymentKey::FIELD, PaymentKey::new)?,
            order_id: query.required(OrderId::FIELD, OrderId::new)?,
            amount: query.required("amount", |text| Amount::parse_won(&text))?,
        }))
    }
}

impl FailReturn {
    /// Reads the query of a fail address.
    ///
    /// # Errors
    /// Names the parameter that is missing, repeated or undecodable. A bad `orderId` is dropped,
    /// since the failure is news without it.
    pub fn parse(query: &str) -> Result<Self, ReturnError> {
        let query = Query::new(query)?;
        let code = query.one("code")?.ok_or(ReturnError::Missing("code"))?;
        let message = query.one("message")?.unwrap_or_default();
        let order_id = query
            .one(OrderId::FIELD)?
            .and_then(|text| OrderId::new(text).ok());
        Ok(Self {
            code: FailureCode::from(code.as_str()),
            message: message.chars().take(MESSAGE_MAX).collect(),
            order_id,
        })
    }
}

/// The parameters of an address, still encoded. Tolerates what naive appending leaves behind:
/// `?a=1&&b=2`, and a second `?` where an `&` should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// Takes the part of an address behind `?`, with or without the `?`.
    ///
    /// # Errors
    /// [`ReturnError::TooLong`].
    pub fn new(query: &'a str) -> Result<Self, ReturnError> {
        if query.len() > QUERY_MAX {
            return Err(ReturnError::TooLong(query.len()));
        }
        Ok(Self(query))
    }

    /// Whether a parameter of this name is there.
    pub fn has(self, name: &str) -> bool {
        self.find(name).0 > 0
    }

    /// The decoded value of a parameter that may be there once.
    ///
    /// # Errors
    /// Repeated or undecodable.
    pub fn one(self, name: &'static str) -> Result<Option<String>, ReturnError> {
        match self.find(name) {
            (0, _) => Ok(None),
            (1, raw) => decode(raw).map(Some).ok_or(ReturnError::Undecodable(name)),
            _ => Err(ReturnError::Repeated(name)),
        }
    }

    /// How often a parameter is there, and its last value.
    fn find(self, name: &str) -> (usize, &'a [u8]) {
        let (mut count, mut last): (usize, &[u8]) = (0, &[]);
        for part in self.0.as_bytes().split(|byte| matches!(byte, b'&' | b'?')) {
            last = match part.strip_prefix(name.as_bytes()) {
                Some([]) => &[],
                Some([b'=', value @ ..]) => value,
                _ => continue,
            };
            count += 1;
        }
        (count, last)
    }

    fn required<T>(
        self,
        name: &'static str,
        parse: impl Fn(String) -> Result<T, ValueError>,
    ) -> Result<T, ReturnError> {
        let text = self.one(name)?.ok_or(ReturnError::Missing(name))?;
        parse(text).map_err(ReturnError::Value)
    }
}

/// Percent-encoded UTF-8 with `+` for a space. `None` for a lone `%` and for bytes that are not UTF-8.
fn decode(raw: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                u8::try_from(high << 4 | low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
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
        assert_eq!(back.amount, Amount::won(15_000).unwrap());
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
            fault(&"a".repeat(QUERY_MAX + 1)),
            ReturnError::TooLong(QUERY_MAX + 1)
        );
        assert_eq!(
            fault("?paymentKey=a&orderId=order-1&amount=").field(),
            Some("amount")
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
        assert_eq!(
            FailReturn::parse("?message=x"),
            Err(ReturnError::Missing("code"))
        );
    }
}
