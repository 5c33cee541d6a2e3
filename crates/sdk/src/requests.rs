//! What the windows are asked for. Limits are checked here, before Toss sees the request.
//! Source: <https://docs.tosspayments.com/sdk/v2/js> and the typings of version 2.8.1.

use serde::Serialize;
use toss_checkout_contract::{Amount, CashReceipt, CashReceiptType, OrderId, Problem, ValueError};

use crate::window_target::WindowTarget;

/// Longest name, e-mail address and order name.
const TEXT_MAX: usize = 100;
/// 90 days.
const VALID_HOURS_MAX: u64 = 2160;

/// An address with its origin, `http` or `https`. Toss refuses any other as a return address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
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
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':', '@']));
        if !has_host || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnUrls {
    /// Receives `customerKey` and `authKey`, or `paymentKey`, `orderId` and `amount`.
    #[serde(rename = "successUrl")]
    pub success: AbsoluteUrl,
    /// Receives `code` and `message`.
    #[serde(rename = "failUrl")]
    pub fail: AbsoluteUrl,
}

/// What can be registered for automatic payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BillingMethod {
    /// A card issued in Korea.
    Card,
    /// A bank account, by 퀵계좌이체.
    Transfer,
}

/// `requestBillingAuth`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BillingAuthRequest {
    method: BillingMethod,
    success_url: AbsoluteUrl,
    fail_url: AbsoluteUrl,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window_target: Option<WindowTarget>,
}

impl BillingAuthRequest {
    /// A request with what is needed.
    pub fn new(method: BillingMethod, urls: ReturnUrls) -> Self {
        Self {
            method,
            success_url: urls.success,
            fail_url: urls.fail,
            customer_name: None,
            customer_email: None,
            window_target: None,
        }
    }

    /// The buyer's name.
    ///
    /// # Errors
    /// More than 100 characters.
    pub fn customer_name(mut self, name: impl Into<String>) -> Result<Self, ValueError> {
        self.customer_name = Some(limited("customerName", name.into())?);
        Ok(self)
    }

    /// Where Toss sends notices to.
    ///
    /// # Errors
    /// More than 100 characters.
    pub fn customer_email(mut self, email: impl Into<String>) -> Result<Self, ValueError> {
        self.customer_email = Some(limited("customerEmail", email.into())?);
        Ok(self)
    }

    /// Where the window opens; by default Toss decides.
    #[must_use]
    pub fn window_target(mut self, target: WindowTarget) -> Self {
        self.window_target = Some(target);
        self
    }
}

/// Until when a virtual account takes the money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deadline {
    /// Hours from the request, 1 to 2160.
    ValidHours(u16),
    /// `yyyy-MM-dd'T'HH:mm:ss` in Korean time.
    DueDate(String),
}

/// `requestPayment` with `VIRTUAL_ACCOUNT` and return addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualAccountRequest {
    method: &'static str,
    amount: Amount,
    order_id: OrderId,
    order_name: String,
    success_url: AbsoluteUrl,
    fail_url: AbsoluteUrl,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_mobile_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window_target: Option<WindowTarget>,
    #[serde(skip_serializing_if = "Block::is_empty")]
    virtual_account: Block,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Block {
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt: Option<CashReceipt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_escrow: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_hours: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    show_customer_mobile_phone: Option<bool>,
}

impl Block {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl VirtualAccountRequest {
    /// A request with what is needed.
    ///
    /// # Errors
    /// An order name that is empty or longer than 100 characters.
    pub fn new(
        amount: Amount,
        order_id: OrderId,
        order_name: impl Into<String>,
        urls: ReturnUrls,
    ) -> Result<Self, ValueError> {
        let order_name = order_name.into();
        if order_name.is_empty() {
            return Err(Problem::Empty.of("orderName"));
        }
        Ok(Self {
            method: "VIRTUAL_ACCOUNT",
            amount,
            order_id,
            order_name: limited("orderName", order_name)?,
            success_url: urls.success,
            fail_url: urls.fail,
            customer_name: None,
            customer_email: None,
            customer_mobile_phone: None,
            window_target: None,
            virtual_account: Block::default(),
        })
    }

    /// The buyer's name.
    ///
    /// # Errors
    /// More than 100 characters.
    pub fn customer_name(mut self, name: impl Into<String>) -> Result<Self, ValueError> {
        self.customer_name = Some(limited("customerName", name.into())?);
        Ok(self)
    }

    /// Where Toss sends notices to.
    ///
    /// # Errors
    /// More than 100 characters.
    pub fn customer_email(mut self, email: impl Into<String>) -> Result<Self, ValueError> {
        self.customer_email = Some(limited("customerEmail", email.into())?);
        Ok(self)
    }

    /// Gets the account number by text message.
    ///
    /// # Errors
    /// Not 8 to 15 digits.
    pub fn customer_mobile_phone(mut self, phone: impl Into<String>) -> Result<Self, ValueError> {
        let phone = phone.into();
        if !(8..=15).contains(&phone.len()) || !phone.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Problem::Format {
                expected: "8 to 15 digits",
            }
            .of("customerMobilePhone"));
        }
        self.customer_mobile_phone = Some(phone);
        Ok(self)
    }

    /// Where the window opens; by default Toss decides.
    #[must_use]
    pub fn window_target(mut self, target: WindowTarget) -> Self {
        self.window_target = Some(target);
        self
    }

    /// Until when the money may come.
    ///
    /// # Errors
    /// Hours outside 1 to 2160; a date that is not written as Toss wants it.
    pub fn deadline(mut self, deadline: Deadline) -> Result<Self, ValueError> {
        let block = &mut self.virtual_account;
        match deadline {
            Deadline::ValidHours(hours) => {
                let value = u64::from(hours);
                if value == 0 || value > VALID_HOURS_MAX {
                    return Err(Problem::Range {
                        value,
                        min: 1,
                        max: VALID_HOURS_MAX,
                    }
                    .of("validHours"));
                }
                (block.valid_hours, block.due_date) = (Some(hours), None);
            }
            Deadline::DueDate(date) => {
                let shape = b"0000-00-00T00:00:00";
                let fits = date.len() == shape.len()
                    && date.bytes().zip(shape).all(|(byte, want)| match want {
                        b'0' => byte.is_ascii_digit(),
                        other => byte == *other,
                    });
                if !fits {
                    return Err(Problem::Format {
                        expected: "2026-11-21T23:59:59",
                    }
                    .of("dueDate"));
                }
                (block.valid_hours, block.due_date) = (None, Some(date));
            }
        }
        Ok(self)
    }

    /// What the window preselects for the cash receipt.
    #[must_use]
    pub fn cash_receipt(mut self, kind: CashReceiptType) -> Self {
        self.virtual_account.cash_receipt = Some(CashReceipt { kind });
        self
    }

    /// Whether the money is held in escrow.
    #[must_use]
    pub fn use_escrow(mut self, yes: bool) -> Self {
        self.virtual_account.use_escrow = Some(yes);
        self
    }

    /// Whether the window asks for the buyer's phone number.
    #[must_use]
    pub fn show_customer_mobile_phone(mut self, yes: bool) -> Self {
        self.virtual_account.show_customer_mobile_phone = Some(yes);
        self
    }
}

fn limited(field: &'static str, text: String) -> Result<String, ValueError> {
    let length = text.chars().count();
    if length > TEXT_MAX {
        return Err(Problem::TooLong {
            length,
            max: TEXT_MAX,
        }
        .of(field));
    }
    Ok(text)
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
        let request = || BillingAuthRequest::new(BillingMethod::Card, urls());
        assert!(request().customer_name("가".repeat(100)).is_ok());
        assert!(request().customer_name("가".repeat(101)).is_err());
        assert!(request().customer_email("a".repeat(101)).is_err());

        let account = || {
            VirtualAccountRequest::new(
                Amount::won(1).unwrap(),
                OrderId::new("order-1").unwrap(),
                "티셔츠",
                urls(),
            )
            .unwrap()
        };
        assert!(account().deadline(Deadline::ValidHours(2160)).is_ok());
        assert!(account().deadline(Deadline::ValidHours(2161)).is_err());
        assert!(account().deadline(Deadline::ValidHours(0)).is_err());
        assert!(
            account()
                .deadline(Deadline::DueDate("2027-01-01T00:00:00".into()))
                .is_ok()
        );
        assert!(
            account()
                .deadline(Deadline::DueDate("2027-01-01".into()))
                .is_err()
        );
        assert!(account().customer_mobile_phone("01012345678").is_ok());
        for bad in ["010-1234-5678", "1234567", "1234567890123456"] {
            assert!(account().customer_mobile_phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_deadline_wins_so_that_both_are_never_sent() {
        let request = VirtualAccountRequest::new(
            Amount::won(1).unwrap(),
            OrderId::new("order-1").unwrap(),
            "티셔츠",
            urls(),
        )
        .and_then(|request| request.deadline(Deadline::ValidHours(24)))
        .and_then(|request| request.deadline(Deadline::DueDate("2027-01-01T00:00:00".into())))
        .unwrap();
        assert_eq!(request.virtual_account.valid_hours, None);
        assert!(request.virtual_account.due_date.is_some());
    }
}
