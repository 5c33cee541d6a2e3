//! How the outcome of a window gets back to the merchant's page.

use serde_json::{Value, json};
use toss_model::{
    errors::window_text,
    money::Currency,
    window::{Delivery, Target, Window, WindowOutcome},
};
use url::Url;

const CANCELED: &str = "PAY_PROCESS_CANCELED";

/// What to do with the buyer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// The window is the whole page: go there.
    Navigate(Url),
    /// The window is a frame: tell the page around it.
    Tell {
        /// The page's origin; nobody else hears it.
        opener: String,
        /// What to tell.
        message: Message,
    },
}

/// What the SDK around the frame is told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Take the whole page there.
    Navigate(Url),
    /// Resolve the promise.
    Resolve(Value),
    /// Reject the promise.
    Reject { code: String, message: String },
}

impl Message {
    pub(super) fn to_json(&self, window: &str) -> String {
        let mut value = match self {
            Self::Navigate(url) => json!({"type": "navigate", "url": url.as_str()}),
            Self::Resolve(result) => json!({"type": "resolve", "result": result}),
            Self::Reject { code, message } => {
                json!({"type": "reject", "code": code, "message": message})
            }
        };
        value["source"] = json!("toss-sandbox");
        value["window"] = json!(window);
        value.to_string()
    }
}

/// The origins that a form may end up at, each after a space.
pub(super) fn origins(window: &Window) -> String {
    match &window.delivery {
        Delivery::Redirect { success, fail } => format!(
            " {} {}",
            success.origin().ascii_serialization(),
            fail.origin().ascii_serialization()
        ),
        Delivery::Promise => String::new(),
    }
}

fn with(url: &Url, parameters: &[(&str, &str)]) -> Url {
    let mut url = url.clone();
    url.query_pairs_mut().extend_pairs(parameters);
    url
}

/// Decides. Parameters and their order are those of Toss's guides; `paymentType` was observed.
pub(super) fn of(window: &Window, ending: &WindowOutcome) -> Exit {
    match (&window.target, &window.delivery) {
        (Target::Page, Delivery::Redirect { success, fail }) => {
            Exit::Navigate(redirect(success, fail, ending))
        }
        // In a frame a cancel leaves the merchant's page where it is.
        (Target::Iframe { opener }, Delivery::Redirect { .. })
            if *ending == WindowOutcome::Canceled =>
        {
            tell(opener, user_cancel())
        }
        (Target::Iframe { opener }, Delivery::Redirect { success, fail }) => {
            tell(opener, Message::Navigate(redirect(success, fail, ending)))
        }
        (Target::Iframe { opener }, Delivery::Promise) => tell(opener, promise(ending)),
        // The SDK refuses this pair before a window opens.
        (Target::Page, Delivery::Promise) => tell("null", promise(ending)),
    }
}

fn tell(opener: &str, message: Message) -> Exit {
    Exit::Tell {
        opener: opener.to_owned(),
        message,
    }
}

fn user_cancel() -> Message {
    Message::Reject {
        code: "USER_CANCEL".to_owned(),
        message: "취소되었습니다.".to_owned(),
    }
}

/// As JavaScript writes the number: without a fraction of nothing.
fn digits(currency: Currency, amount: u64) -> String {
    let text = json!(currency.money(amount)).to_string();
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

fn redirect(success: &Url, fail: &Url, ending: &WindowOutcome) -> Url {
    match ending {
        WindowOutcome::Registered {
            customer_key,
            auth_key,
        } => with(
            success,
            &[("customerKey", customer_key), ("authKey", auth_key)],
        ),
        WindowOutcome::Authenticated {
            payment_key,
            order_id,
            amount,
            currency,
        } => with(
            success,
            &[
                ("paymentType", "NORMAL"),
                ("orderId", order_id),
                ("paymentKey", payment_key),
                ("amount", &digits(*currency, *amount)),
            ],
        ),
        WindowOutcome::Failed { code, order_id } => {
            let mut url = with(fail, &[("code", code), ("message", window_text(code))]);
            // Documented: a cancel names no order, however it came about.
            if let Some(order_id) = order_id.as_ref().filter(|_| code != CANCELED) {
                url = with(&url, &[("orderId", order_id)]);
            }
            url
        }
        WindowOutcome::Canceled => with(
            fail,
            &[("code", CANCELED), ("message", window_text(CANCELED))],
        ),
    }
}

fn promise(ending: &WindowOutcome) -> Message {
    match ending {
        WindowOutcome::Authenticated {
            payment_key,
            order_id,
            amount,
            currency,
        } => Message::Resolve(json!({
            "paymentKey": payment_key,
            "orderId": order_id,
            "amount": {"value": currency.money(*amount), "currency": currency.as_str()},
        })),
        WindowOutcome::Failed { code, .. } => Message::Reject {
            code: code.clone(),
            message: window_text(code).to_owned(),
        },
        // Registration is redirect only, so there is nothing that it could resolve with.
        WindowOutcome::Registered { .. } | WindowOutcome::Canceled => user_cancel(),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use toss_model::{
        KeyPair, Rules, State,
        window::{Offer, Purpose, Stage},
    };

    fn window(target: Target, delivery: Delivery) -> Window {
        let state = State::new(KeyPair::documented().unwrap(), Rules::default(), 1);
        Window {
            shop: state
                .shop_of_client("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq")
                .unwrap(),
            target,
            delivery,
            purpose: Purpose::Payment("tgen_1".parse().unwrap()),
            opened_at: datetime!(2026-11-21 09:00 +9),
            stage: Stage::Open,
            offer: Offer::default(),
        }
    }

    fn redirect_to(success: &str, fail: &str) -> Delivery {
        Delivery::Redirect {
            success: success.parse().unwrap(),
            fail: fail.parse().unwrap(),
        }
    }

    fn authenticated() -> WindowOutcome {
        WindowOutcome::Authenticated {
            payment_key: "tgen_1".into(),
            order_id: "order-1".into(),
            amount: 15_000,
            currency: Currency::Krw,
        }
    }

    #[test]
    fn the_merchants_own_parameters_stay_in_front() {
        let page = window(
            Target::Page,
            redirect_to("http://shop.test/s?session=cs_1#x", "http://shop.test/f"),
        );
        let Exit::Navigate(url) = of(&page, &authenticated()) else {
            panic!("a page navigates");
        };
        assert_eq!(
            url.as_str(),
            "http://shop.test/s?session=cs_1&paymentType=NORMAL&orderId=order-1&paymentKey=tgen_1&amount=15000#x"
        );
    }

    #[test]
    fn dollars_keep_their_cents() {
        let page = window(
            Target::Page,
            redirect_to("http://shop.test/s", "http://shop.test/f"),
        );
        for (amount, shown) in [(1_250, "12.5"), (1_299, "12.99"), (1_200, "12")] {
            let ending = WindowOutcome::Authenticated {
                payment_key: "tgen_1".into(),
                order_id: "order-1".into(),
                amount,
                currency: Currency::Usd,
            };
            let Exit::Navigate(url) = of(&page, &ending) else {
                panic!("a page navigates");
            };
            assert!(url.as_str().ends_with(&format!("&amount={shown}")));
        }
    }

    #[test]
    fn a_cancel_has_no_order_and_a_failure_has_one() {
        let page = window(
            Target::Page,
            redirect_to("http://shop.test/s", "http://shop.test/f"),
        );
        let Exit::Navigate(url) = of(&page, &WindowOutcome::Canceled) else {
            panic!("a page navigates");
        };
        let names: Vec<_> = url
            .query_pairs()
            .map(|(name, _)| name.into_owned())
            .collect();
        assert_eq!(names, ["code", "message"]);
        let ending = WindowOutcome::Failed {
            code: "REJECT_CARD_COMPANY".into(),
            order_id: Some("order-1".into()),
        };
        let Exit::Navigate(url) = of(&page, &ending) else {
            panic!("a page navigates");
        };
        let pairs: Vec<_> = url.query_pairs().collect();
        assert_eq!(pairs[1].1, "결제 승인이 거절되었습니다.");
        assert_eq!(pairs[2].1, "order-1");
    }

    #[test]
    fn in_a_frame_only_a_cancel_stays_on_the_page() {
        let opener = "http://shop.test";
        let frame = Target::Iframe {
            opener: opener.into(),
        };
        let redirect = redirect_to("http://shop.test/s", "http://shop.test/f");
        let framed = window(frame.clone(), redirect);
        assert_eq!(
            of(&framed, &WindowOutcome::Canceled),
            tell(opener, user_cancel())
        );
        assert!(matches!(
            of(&framed, &authenticated()),
            Exit::Tell {
                message: Message::Navigate(_),
                ..
            }
        ));
        let promised = window(frame, Delivery::Promise);
        let Exit::Tell { message, .. } = of(&promised, &authenticated()) else {
            panic!("a frame tells");
        };
        assert_eq!(
            message,
            Message::Resolve(json!({
                "paymentKey": "tgen_1", "orderId": "order-1",
                "amount": {"value": 15_000, "currency": "KRW"},
            }))
        );
    }
}
