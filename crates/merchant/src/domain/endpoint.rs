//! Endpoints: where events go. Addresses are checked when they are set.

use thiserror::Error;
use url::{Host, Url};

use super::{ids::EndpointId, public_address::is_public, time::Millis, words::words};

words! {
    /// Whether an endpoint gets events.
    pub enum EndpointState as "state of an endpoint" {
        /// It does.
        Enabled = "enabled",
        /// It answered 410 Gone, and gets nothing until somebody enables it.
        Gone = "gone",
        /// An operator wants it so.
        Disabled = "disabled",
        /// It was configured by `EVENT_URL` and is not any more.
        Removed = "removed",
    }
}

/// A receiver of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name.
    pub id: EndpointId,
    /// Where it is.
    pub url: EndpointUrl,
    /// Sealed signing secrets, the newest first: one, or two while the receiver changes over.
    pub sealed_secrets: Vec<String>,
    /// Whether it gets events.
    pub state: EndpointState,
    /// When it was set up.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

impl Endpoint {
    /// Whether it gets events.
    pub fn is_enabled(&self) -> bool {
        self.state == EndpointState::Enabled
    }
}

/// Which addresses events may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The public internet, by https.
    Public,
    /// Inner networks and this machine too, and plain http: for development, or when the operator alone
    /// decides where events go.
    Anywhere,
}

/// Longer ones are a mistake.
const MAX_LENGTH: usize = 2000;

/// Why an address cannot receive events.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EndpointUrlError {
    /// Not an address at all.
    #[error("'{0}' is not an address such as https://shop.example.com/toss-events")]
    NotAnAddress(String),
    /// Longer than any address of a receiver.
    #[error("the address has {0} characters; at most {MAX_LENGTH} are allowed")]
    TooLong(usize),
    /// http, or something else.
    #[error("'{0}' is not https; plain http is for development only, with EVENT_ALLOW_PRIVATE set")]
    Scheme(String),
    /// A name and a password in the address end up in logs.
    #[error("the address holds a user name or password; the signature proves who sends")]
    Credentials,
    /// This machine or an inner network.
    #[error(
        "{0} is an address of an inner network; events go to public addresses only, unless EVENT_ALLOW_PRIVATE is set"
    )]
    Inner(String),
}

/// An http(s) address that may receive events. What its name resolves to is checked at every
/// connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointUrl(Url);

impl EndpointUrl {
    /// Checks the text.
    ///
    /// # Errors
    /// See [`EndpointUrlError`].
    pub fn parse(text: &str, reach: Reach) -> Result<Self, EndpointUrlError> {
        if text.len() > MAX_LENGTH {
            return Err(EndpointUrlError::TooLong(text.len()));
        }
        let not_an_address = || EndpointUrlError::NotAnAddress(text.to_owned());
        let mut url = Url::parse(text).map_err(|_| not_an_address())?;
        match (url.scheme(), reach) {
            ("https", _) | ("http", Reach::Anywhere) => {}
            ("http", Reach::Public) => return Err(EndpointUrlError::Scheme(text.to_owned())),
            _ => return Err(not_an_address()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointUrlError::Credentials);
        }
        let literal = match url.host() {
            Some(Host::Ipv4(v4)) => Some(v4.into()),
            Some(Host::Ipv6(v6)) => Some(v6.into()),
            Some(Host::Domain(name)) => {
                let inner = name == "localhost" || name.ends_with(".localhost");
                if inner && reach == Reach::Public {
                    return Err(EndpointUrlError::Inner(name.to_owned()));
                }
                None
            }
            None => return Err(not_an_address()),
        };
        if let Some(ip) = literal
            && reach == Reach::Public
            && !is_public(ip)
        {
            return Err(EndpointUrlError::Inner(ip.to_string()));
        }
        // A fragment is never sent.
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> Result<EndpointUrl, EndpointUrlError> {
        EndpointUrl::parse(text, Reach::Public)
    }

    #[test]
    fn a_receiver_on_the_public_internet_is_taken() {
        let url = public("https://shop.example.com/hooks?from=toss#top").unwrap();
        assert_eq!(url.as_str(), "https://shop.example.com/hooks?from=toss");
        assert!(public("https://shop.example.com:8443").is_ok());
        assert!(public("https://1.1.1.1/hooks").is_ok());
    }

    #[test]
    fn what_cannot_receive_is_refused_by_name() {
        let inner = |text: &str| matches!(public(text), Err(EndpointUrlError::Inner(_)));
        for text in [
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://localhost/hooks",
            "https://shop.localhost/hooks",
        ] {
            assert!(inner(text), "{text}: {:?}", public(text));
        }
        for text in ["", "shop.example.com", "ftp://shop.example.com", "data:,x"] {
            let refused = public(text).unwrap_err();
            assert!(
                matches!(refused, EndpointUrlError::NotAnAddress(_)),
                "{text}"
            );
        }
        assert_eq!(
            public("https://user:secret@shop.example.com"),
            Err(EndpointUrlError::Credentials)
        );
        assert!(matches!(
            public("http://shop.example.com/hooks"),
            Err(EndpointUrlError::Scheme(_))
        ));
        let long = format!("https://shop.example.com/{}", "a".repeat(MAX_LENGTH));
        assert!(matches!(public(&long), Err(EndpointUrlError::TooLong(_))));
    }

    #[test]
    fn everywhere_means_this_machine_and_plain_http_too() {
        for text in [
            "http://127.0.0.1:9000/hooks",
            "http://localhost/",
            "https://10.0.0.1/",
        ] {
            assert!(EndpointUrl::parse(text, Reach::Anywhere).is_ok(), "{text}");
        }
        assert!(EndpointUrl::parse("http://user@shop/", Reach::Anywhere).is_err());
    }
}
