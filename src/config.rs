//! Where the page's options come from, and what is refused.

mod misconfiguration;

use toss_checkout_contract::{ClientKey, CustomerKey, KeyFamily, SecretKey, SessionId, ValueError};
use toss_payments_sdk::{AbsoluteUrl, ReturnUrls, WindowTarget};

pub use self::misconfiguration::Misconfiguration;

/// Toss's script, where no other is configured.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
pub const SDK_URL: &str = "https://js.tosspayments.com/v2/standard";

/// The option, and the parameter, that names the session.
const SESSION: &str = "session";

/// Reads a client key and names the usual mistakes.
///
/// # Errors
/// A secret key, a widget key, nothing, or something else.
pub fn client_key(text: &str) -> Result<ClientKey, Misconfiguration> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(Misconfiguration::EmptyClientKey);
    }
    if SecretKey::looks_like(text) {
        return Err(Misconfiguration::SecretKey);
    }
    let key = ClientKey::new(text).map_err(Misconfiguration::BadClientKey)?;
    match key.family() {
        KeyFamily::Individual => Ok(key),
        KeyFamily::Widget => Err(Misconfiguration::WidgetKey),
    }
}

/// The page's options, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The session to be paid.
    pub session: SessionId,
    /// Address of the backend without a slash at its end; empty for the page's own origin.
    pub api: String,
    /// Address of Toss's script.
    pub sdk_url: String,
    /// Whether the keys go to a backend of the merchant's own, by `direct.js`.
    pub direct: bool,
    /// Overrides where Toss's window opens.
    pub window_target: Option<WindowTarget>,
    /// Overrides the session's client key.
    pub client_key: Option<ClientKey>,
    /// Where Toss sends the buyer back to.
    pub return_urls: ReturnUrls,
    /// The form's own address: what a refresh shall open when Toss's keys have been read.
    pub form_url: String,
    /// Where the buyer finds help.
    pub support_url: Option<AbsoluteUrl>,
}

impl Config {
    /// Reads the options. `option` looks one up by its name. Where the form is and where Toss sends the
    /// buyer back to, `assets/redirect.js` has named.
    ///
    /// # Errors
    /// The first option that is wrong.
    pub fn read(option: &dyn Fn(&str) -> Option<String>) -> Result<Self, Misconfiguration> {
        let given = |name: &str| option(name).filter(|text| !text.trim_ascii().is_empty());
        // One reader for all of them, which is not to be compiled into each place.
        let option: &dyn Fn(&str) -> Option<String> = &given;
        let session = option(SESSION).ok_or(Misconfiguration::NoSession)?;
        let session = SessionId::new(session).map_err(Misconfiguration::BadSession)?;
        let own = |name: &str| {
            let url = option(name).unwrap_or_default();
            let separator = if url.contains('?') { "&" } else { "?" };
            [&url, separator, SESSION, "=", session.expose()].concat()
        };
        let return_url = |name: &'static str| {
            AbsoluteUrl::new(name, own(name)).map_err(|error| bad(name, &error))
        };
        let success = return_url("success-url")?;
        let fail = return_url("fail-url")?;
        let form_url = own("form-url");
        let api = option("api").unwrap_or_default();
        let support_url = option("support-url").map(|url| {
            AbsoluteUrl::new("support-url", url).map_err(|error| bad("support-url", &error))
        });
        Ok(Self {
            api: api.trim_end_matches('/').to_owned(),
            sdk_url: option("sdk-url").unwrap_or_else(|| SDK_URL.to_owned()),
            session,
            direct: is_direct(option)?,
            window_target: window_target(option)?,
            client_key: option("client-key")
                .as_deref()
                .map(client_key)
                .transpose()?,
            return_urls: ReturnUrls { success, fail },
            form_url,
            support_url: support_url.transpose()?,
        })
    }
}

/// Whether the options ask for direct mode. Then there is no session to read the order from; what is wrong with
/// the order, `assets/direct.js` has found.
fn is_direct(option: &dyn Fn(&str) -> Option<String>) -> Result<bool, Misconfiguration> {
    if option("confirm-url").or(option("issue-url")).is_none() {
        return Ok(false);
    }
    for name in ["order", "client-key", "customer-key"] {
        if option(name).is_none() {
            return Err(Misconfiguration::BadOption {
                name,
                problem: "is needed with confirm-url or issue-url".to_owned(),
            });
        }
    }
    if let Some(problem) = option("problem") {
        let name = "order";
        return Err(Misconfiguration::BadOption { name, problem });
    }
    let customer = option("customer-key").unwrap_or_default();
    let customer = CustomerKey::new(customer).map(|_| true);
    customer.map_err(|error| bad("customer-key", &error))
}

fn window_target(
    option: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<WindowTarget>, Misconfiguration> {
    let name = "window-target";
    match option(name).as_deref().map(str::trim_ascii) {
        None => Ok(None),
        Some("iframe") => Ok(Some(WindowTarget::Iframe)),
        Some("self") => Ok(Some(WindowTarget::SelfWindow)),
        Some(_) => Err(Misconfiguration::BadOption {
            name,
            problem: "takes iframe or self".to_owned(),
        }),
    }
}

fn bad(name: &'static str, error: &ValueError) -> Misconfiguration {
    Misconfiguration::BadOption {
        name,
        problem: error.problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = "cs_0123456789abcdefABCDEF";

    /// With the addresses that are always named.
    fn read(options: &[(&str, &str)]) -> Result<Config, Misconfiguration> {
        let named = [
            ("form-url", "https://shop.example/pay?cart=7"),
            ("success-url", "https://shop.example/pay/success"),
            ("fail-url", "https://shop.example/pay?cart=7&step=fail"),
        ];
        let option = |name: &str| {
            let mut all = options.iter().chain(&named);
            let found = all.find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Config::read(&option)
    }

    #[test]
    fn the_addresses_carry_the_session() {
        let session = ("session", SESSION);
        let config = read(&[session, ("api", "https://api.shop.example/")]).unwrap();
        for (url, expected) in [
            (
                config.return_urls.success.as_str(),
                "https://shop.example/pay/success?session=",
            ),
            (
                config.return_urls.fail.as_str(),
                "https://shop.example/pay?cart=7&step=fail&session=",
            ),
            (&config.form_url, "https://shop.example/pay?cart=7&session="),
        ] {
            assert_eq!(url, [expected, SESSION].concat());
        }
        assert_eq!(config.sdk_url, SDK_URL);
        assert_eq!(config.api, "https://api.shop.example");
    }

    #[test]
    fn direct_mode_needs_the_order_and_both_keys() {
        let all = [
            ("session", SESSION),
            ("confirm-url", "/confirm"),
            ("order", "{}"),
            ("client-key", "test_ck_abc"),
            ("customer-key", "customer-1"),
        ];
        assert!(read(&all).unwrap().direct);
        for left_out in ["order", "client-key", "customer-key"] {
            let mut some = all.to_vec();
            some.retain(|(name, _)| *name != left_out);
            let error = read(&some).unwrap_err();
            assert!(matches!(error, Misconfiguration::BadOption { name, .. } if name == left_out));
        }
        for (name, value) in [("problem", "amount takes …"), ("customer-key", "한")] {
            let mut all = all.to_vec();
            all.retain(|(other, _)| *other != name);
            all.push((name, value));
            let fix = read(&all).unwrap_err().fix();
            assert!(fix.starts_with("option order: ") || fix.starts_with("option customer-key: "));
        }
        let mut sessions = all.to_vec();
        sessions.retain(|(name, _)| *name != "confirm-url");
        assert!(!read(&sessions).unwrap().direct);
    }

    #[test]
    fn each_wrong_option_is_named() {
        assert_eq!(read(&[]), Err(Misconfiguration::NoSession));
        assert!(matches!(
            read(&[("session", "12345")]),
            Err(Misconfiguration::BadSession(_))
        ));
        for (name, value) in [
            ("success-url", "/done"),
            ("window-target", "popup"),
            ("support-url", "help"),
        ] {
            let Err(Misconfiguration::BadOption { name: named, .. }) =
                read(&[("session", SESSION), (name, value)])
            else {
                panic!("{name}");
            };
            assert_eq!(named, name);
        }
    }

    #[test]
    fn the_usual_mistakes_with_keys_are_named() {
        assert_eq!(client_key("test_sk_abc"), Err(Misconfiguration::SecretKey));
        assert_eq!(client_key("live_gsk_abc"), Err(Misconfiguration::SecretKey));
        assert_eq!(client_key("test_gck_abc"), Err(Misconfiguration::WidgetKey));
        assert_eq!(client_key(" "), Err(Misconfiguration::EmptyClientKey));
        assert!(matches!(
            client_key("abc"),
            Err(Misconfiguration::BadClientKey(_))
        ));
        assert!(client_key("test_ck_abc").is_ok());
    }
}
