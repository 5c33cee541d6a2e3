//! What the windows are asked for. Limits are checked here, before Toss sees the request.
//! Source: <https://docs.tosspayments.com/sdk/v2/js> and the typings of version 2.8.1.

use toss_checkout_contract::{Amount, CashReceiptType, OrderId, Problem, ValueError};

use crate::{
    object::{Field, Object},
    window_target::WindowTarget,
};

/// Longest name, e-mail address and order name.
const TEXT_MAX: usize = 100;
/// 90 days.
const VALID_HOURS_MAX: u16 = 2160;

/// An address with its origin, `http` or `https`. Toss refuses any other as a return address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsoluteUrl(String);

impl AbsoluteUrl {
    /// Takes text that begins with `http://` or `https://` and a host. `field` names it in the error.
    ///
    /// # Errors
    /// Empty, no such address, or with a character that no address holds.
    pub fn new(field: &'static str, text: impl Into<String>) -> Result<Self, ValueError> {
        let text = text.into();
        if text.is_empty() {
            return Err(Problem::Empty.of(field));
        }
        let format = Problem::Format {
            expected: "an absolute address, such as https://shop.example/success",
        };
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let has_host = rest
            .and_then(|rest| rest.bytes().next())
            .is_some_and(|first| !b"/?#:@".contains(&first));
        // Spaces and control characters; Unicode's further ones would bring its tables along.
        if !has_host || text.bytes().any(|b| b <= b' ' || b == 0x7f) {
            return Err(format.of(field));
        }
        Ok(Self(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where Toss sends the buyer back to. Billing needs both, always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrls {
    /// Receives `customerKey` and `authKey`, or `paymentKey`, `orderId` and `amount`.
    pub success: AbsoluteUrl,
    /// Receives `code` and `message`.
    pub fail: AbsoluteUrl,
}

/// What can be registered for automatic payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingMethod {
    /// A card issued in Korea.
    Card,
    /// A bank account, by 퀵계좌이체.
    Transfer,
}

/// `requestBillingAuth`. Borrows what it sends: it is made for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillingAuthRequest<'a> {
    /// What is registered.
    pub method: BillingMethod,
    /// Where Toss sends the buyer back to.
    pub urls: &'a ReturnUrls,
    /// The buyer's name, at most 100 characters.
    pub customer_name: Option<&'a str>,
    /// Where Toss sends notices to, at most 100 characters.
    pub customer_email: Option<&'a str>,
    /// Where the window opens; by default Toss decides.
    pub window_target: Option<WindowTarget>,
}

impl<'a> BillingAuthRequest<'a> {
    /// A request with what is needed.
    pub fn new(method: BillingMethod, urls: &'a ReturnUrls) -> Self {
        Self {
            method,
            urls,
            customer_name: None,
            customer_email: None,
            window_target: None,
        }
    }

    /// Checks Toss's limits, as the call does before Toss sees the request.
    ///
    /// # Errors
    /// Names the value that is too long.
    pub fn check(&self) -> Result<(), ValueError> {
        limited("customerName", self.customer_name)?;
        limited("customerEmail", self.customer_email)
    }

    pub(crate) fn params(&self) -> Object<'a> {
        let method = match self.method {
            BillingMethod::Card => "CARD",
            BillingMethod::Transfer => "TRANSFER",
        };
        let target = self.window_target;
        params(
            method,
            self.urls,
            self.customer_name,
            self.customer_email,
            target,
        )
    }
}

/// Until when a virtual account takes the money. Toss takes one of the two, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline<'a> {
    /// Hours from the request, 1 to 2160.
    ValidHours(u16),
    /// `yyyy-MM-dd'T'HH:mm:ss` in Korean time.
    DueDate(&'a str),
}

/// `requestPayment` with `VIRTUAL_ACCOUNT` and return addresses. Borrows what it sends: it is made
/// for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VirtualAccountRequest<'a> {
    /// What is to be paid.
    pub amount: Amount,
    /// The merchant's order number.
    pub order_id: &'a OrderId,
    /// What is being bought, 1 to 100 characters.
    pub order_name: &'a str,
    /// Where Toss sends the buyer back to.
    pub urls: &'a ReturnUrls,
    /// The buyer's name, at most 100 characters.
    pub customer_name: Option<&'a str>,
    /// Where Toss sends notices to, at most 100 characters.
    pub customer_email: Option<&'a str>,
    /// Gets the account number by text message; 8 to 15 digits.
    pub customer_mobile_phone: Option<&'a str>,
    /// Where the window opens; by default Toss decides.
    pub window_target: Option<WindowTarget>,
    /// Until when the money may come; by default seven days.
    pub deadline: Option<Deadline<'a>>,
    /// What the window preselects for the cash receipt.
    pub cash_receipt: Option<CashReceiptType>,
    /// Whether the money is held in escrow.
    pub use_escrow: Option<bool>,
    /// Whether the window asks for the buyer's phone number.
    pub show_customer_mobile_phone: Option<bool>,
}

impl<'a> VirtualAccountRequest<'a> {
    /// A request with what is needed.
    pub fn new(
        amount: Amount,
        order_id: &'a OrderId,
        order_name: &'a str,
        urls: &'a ReturnUrls,
    ) -> Self {
        Self {
            amount,
            order_id,
            order_name,
            urls,
            customer_name: None,
            customer_email: None,
            customer_mobile_phone: None,
            window_target: None,
            deadline: None,
            cash_receipt: None,
            use_escrow: None,
            show_customer_mobile_phone: None,
        }
    }

    /// Checks Toss's limits, as the call does before Toss sees the request.
    ///
    /// # Errors
    /// Names the value that is empty, too long, out of range or not written as Toss wants it.
    pub fn check(&self) -> Result<(), ValueError> {
        if self.order_name.is_empty() {
            return Err(Problem::Empty.of("orderName"));
        }
        limited("orderName", Some(self.order_name))?;
        limited("customerName", self.customer_name)?;
        limited("customerEmail", self.customer_email)?;
        if let Some(phone) = self.customer_mobile_phone
            && !((8..=15).contains(&phone.len()) && phone.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(Problem::Format {
                expected: "8 to 15 digits",
            }
            .of("customerMobilePhone"));
        }
        match self.deadline {
            Some(Deadline::ValidHours(hours)) if hours == 0 || hours > VALID_HOURS_MAX => {
                Err(Problem::Range {
                    value: hours.into(),
                    min: 1,
                    max: VALID_HOURS_MAX.into(),
                }
                .of("validHours"))
            }
            Some(Deadline::DueDate(date)) if !is_local_time(date) => Err(Problem::Format {
                expected: "2026-11-21T23:59:59",
            }
            .of("dueDate")),
            _ => Ok(()),
        }
    }

    pub(crate) fn params(&self) -> Object<'a> {
        let mut amount = Object::new();
        #[expect(
            clippy::cast_precision_loss,
            reason = "amounts stay below 2^53, see MAX_AMOUNT"
        )]
        amount.set("value", Some(Field::Number(self.amount.value() as f64)));
        amount.text("currency", Some(self.amount.currency().as_str()));

        let mut account = Object::new();
        match self.deadline {
            Some(Deadline::ValidHours(hours)) => {
                account.set("validHours", Some(Field::Number(hours.into())));
            }
            Some(Deadline::DueDate(date)) => account.text("dueDate", Some(date)),
            None => {}
        }
        if let Some(kind) = self.cash_receipt {
            let mut receipt = Object::new();
            receipt.text("type", Some(kind.as_str()));
            account.set("cashReceipt", Some(Field::Object(receipt)));
        }
        account.set("useEscrow", self.use_escrow.map(Field::Flag));
        let phone = self.show_customer_mobile_phone.map(Field::Flag);
        account.set("showCustomerMobilePhone", phone);

        let target = self.window_target;
        let mut params = params(
            "VIRTUAL_ACCOUNT",
            self.urls,
            self.customer_name,
            self.customer_email,
            target,
        );
        params.set("amount", Some(Field::Object(amount)));
        params.text("orderId", Some(self.order_id.as_str()));
        params.text("orderName", Some(self.order_name));
        params.text("customerMobilePhone", self.customer_mobile_phone);
        if !account.is_empty() {
            params.set("virtualAccount", Some(Field::Object(account)));
        }
        params
    }
}

/// What both calls send.
fn params<'a>(
    method: &'static str,
    urls: &'a ReturnUrls,
    customer_name: Option<&'a str>,
    customer_email: Option<&'a str>,
    window_target: Option<WindowTarget>,
) -> Object<'a> {
    let mut params = Object::new();
    params.text("method", Some(method));
    params.text("successUrl", Some(urls.success.as_str()));
    params.text("failUrl", Some(urls.fail.as_str()));
    params.text("customerName", customer_name);
    params.text("customerEmail", customer_email);
    params.text("windowTarget", window_target.map(WindowTarget::as_str));
    params
}

fn limited(field: &'static str, text: Option<&str>) -> Result<(), ValueError> {
    let length = text.map_or(0, |text| text.chars().count());
    if length > TEXT_MAX {
        return Err(Problem::TooLong {
            length,
            max: TEXT_MAX,
        }
        .of(field));
    }
    Ok(())
}

fn is_local_time(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00";
    text.len() == shape.len()
        && text.bytes().zip(shape).all(|(byte, want)| match want {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls() -> ReturnUrls {
        ReturnUrls {
            success: AbsoluteUrl::new("successUrl", "https://shop.example/ok").unwrap(),
            fail: AbsoluteUrl::new("failUrl", "http://localhost:8080/no?x=1").unwrap(),
        }
    }

    #[test]
    fn only_absolute_http_addresses_are_taken() {
        for bad in [
            "",
            "/success",
            "shop.example/success",
            "ftp://shop.example",
            "https://",
            "https:///x",
            "https://shop.example/a b",
            "javascript:alert(1)",
            "myapp://done",
        ] {
            let refused = AbsoluteUrl::new("successUrl", bad);
            assert_eq!(refused.unwrap_err().field, "successUrl", "{bad:?}");
        }
    }

    #[test]
    fn limits_are_those_of_toss() {
        let urls = urls();
        let checked = |name: &str, email: &str| {
            BillingAuthRequest {
                customer_name: Some(name),
                customer_email: Some(email),
                ..BillingAuthRequest::new(BillingMethod::Card, &urls)
            }
            .check()
        };
        assert_eq!(checked(&"가".repeat(100), "a@b.example"), Ok(()));
        let refused = |name: &str, email: &str| checked(name, email).unwrap_err().field;
        assert_eq!(refused(&"가".repeat(101), ""), "customerName");
        assert_eq!(refused("", &"a".repeat(101)), "customerEmail");
    }

    #[test]
    fn a_virtual_account_is_checked_before_the_call() {
        let (urls, order_id) = (urls(), OrderId::new("order-1").unwrap());
        let request = |order_name| {
            VirtualAccountRequest::new(Amount::won(1).unwrap(), &order_id, order_name, &urls)
        };
        assert!(request("").check().is_err());
        let long = "가".repeat(101);
        assert!(request(&long).check().is_err());

        let deadline = |deadline| {
            let deadline = Some(deadline);
            VirtualAccountRequest {
                deadline,
                ..request("티셔츠")
            }
            .check()
        };
        assert!(deadline(Deadline::ValidHours(2160)).is_ok());
        assert!(deadline(Deadline::ValidHours(2161)).is_err());
        assert!(deadline(Deadline::ValidHours(0)).is_err());
        assert!(deadline(Deadline::DueDate("2027-01-01T00:00:00")).is_ok());
        assert!(deadline(Deadline::DueDate("2027-01-01")).is_err());

        let phone = |phone| {
            let customer_mobile_phone = Some(phone);
            VirtualAccountRequest {
                customer_mobile_phone,
                ..request("티셔츠")
            }
            .check()
        };
        assert!(phone("01012345678").is_ok());
        for bad in ["010-1234-5678", "1234567", "1234567890123456"] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }
}
