//! Where the page's options come from, and what is refused.

use toss_checkout_contract::LinkToken;
use toss_payments_sdk::AbsoluteUrl;

use crate::config::Misconfiguration;

/// The page's options, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// What opens the customer's subscriptions; `None`: nobody gave any.
    pub link: Option<LinkToken>,
    /// Address of the backend without a slash at its end; empty for the page's own origin.
    pub api: String,
    /// Where the checkout leads back that registers another card; the page's own address when absent.
    pub return_url: Option<AbsoluteUrl>,
}

impl Config {
    /// Reads the options. `option` looks one up by its name.
    ///
    /// # Errors
    /// The first option that is wrong.
    pub fn read(option: &dyn Fn(&str) -> Option<String>) -> Result<Self, Misconfiguration> {
        let given = |name: &str| option(name).filter(|text| !text.trim_ascii().is_empty());
        let bad =
            |name: &'static str, problem: String| Misconfiguration::BadOption { name, problem };
        let link = given("link").map(|text| {
            LinkToken::new(text.trim_ascii()).map_err(|error| {
                let fix = "take `token` or `url` from the answer of POST /api/customer-links";
                bad("link", [&error.to_string(), ": ", fix].concat())
            })
        });
        let return_url = given("return-url").map(|url| {
            AbsoluteUrl::new("return-url", url)
                .map_err(|error| bad("return-url", error.to_string()))
        });
        Ok(Self {
            link: link.transpose()?,
            api: given("api")
                .unwrap_or_default()
                .trim_end_matches('/')
                .to_owned(),
            return_url: return_url.transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(options: &[(&str, &str)]) -> Result<Config, Misconfiguration> {
        Config::read(&|name| {
            let found = options.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn options_are_read_and_wrong_ones_are_named() {
        let token = "cl_0123456789abcdefghijkl";
        let config = read(&[("link", token), ("api", "https://pay.example/")]);
        let config = config.unwrap();
        assert_eq!(config.link, LinkToken::new(token).ok());
        assert_eq!(config.api, "https://pay.example");
        assert_eq!(read(&[]).unwrap().link, None);
        for (name, value) in [("link", "cs_0123456789abcdefghijkl"), ("return-url", "/me")] {
            let wrong = read(&[(name, value)]).unwrap_err();
            assert!(wrong.fix().contains(name), "{wrong:?}");
            assert!(!wrong.fix().contains("0123456789"), "{wrong:?}");
        }
    }
}
