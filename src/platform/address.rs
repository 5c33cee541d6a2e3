//! The address bar.

use js_sys::{Array, Object};
use toss_checkout_contract::SessionId;
use web_sys::{Url, UrlSearchParams};

use super::window;
use crate::config::MARKER;

/// What Toss adds to a return address.
const ADDED_BY_TOSS: [&str; 8] = [
    "authKey",
    "customerKey",
    "paymentKey",
    "orderId",
    "amount",
    "paymentType",
    "code",
    "message",
];

/// The query, with its `?`.
pub(crate) fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// Whether the address bar shows this address: the same place, with all its parameters.
pub(crate) fn is_at(address: &str) -> bool {
    let Ok(there) = Url::new(address) else {
        return false;
    };
    let location = window().location();
    let place = |origin: &str, path: &str| [origin, path.trim_end_matches('/')].concat();
    let (origin, path) = (location.origin(), location.pathname());
    let here = place(&origin.unwrap_or_default(), &path.unwrap_or_default());
    if place(&there.origin(), &there.pathname()) != here {
        return false;
    }
    let shown = parameters(&query());
    let wanted = parameters(&there.search());
    wanted.iter().all(|parameter| shown.contains(parameter))
}

/// Names and values as they were meant; what appending to an address that has a query already leaves
/// behind is another `&`.
fn parameters(query: &str) -> Vec<String> {
    let Ok(parameters) = UrlSearchParams::new_with_str(&query.replace('?', "&")) else {
        return Vec::new();
    };
    let pairs = Array::from(&parameters);
    let pairs = pairs
        .iter()
        .map(|pair| String::from(Object::from(pair).to_string()));
    pairs.collect()
}

/// The address without our parameters, and without Toss's where the buyer `returned` from it.
pub(crate) fn own(returned: bool) -> String {
    let location = window().location();
    let (origin, path) = (location.origin(), location.pathname());
    let query = own_query(&query(), returned);
    [
        &origin.unwrap_or_default(),
        &path.unwrap_or_default(),
        &*query,
    ]
    .concat()
}

fn own_query(query: &str, returned: bool) -> String {
    let mut own = String::new();
    for part in query.split(['?', '&']) {
        let name = part.split('=').next().unwrap_or_default();
        let ours = name == SessionId::FIELD || name == MARKER;
        let added = returned && ADDED_BY_TOSS.contains(&name);
        if !name.is_empty() && !ours && !added {
            own.push(if own.is_empty() { '?' } else { '&' });
            own.push_str(part);
        }
    }
    own
}

/// Puts an address into the address bar without loading it and without leaving the old one behind.
/// What a merchant's own router keeps in the history entry stays, and so does the fragment.
pub(crate) fn replace(address: &str) {
    let hash = window().location().hash().unwrap_or_default();
    if let Ok(history) = window().history() {
        let kept = history.state().unwrap_or_default();
        // Fails for an address of another origin, and ours never is.
        let _ = history.replace_state_with_url(&kept, "", Some(&[address, &hash].concat()));
    }
}

#[cfg(test)]
mod tests {
    use super::own_query;

    #[test]
    fn what_we_and_toss_added_is_not_the_shops() {
        for (query, returned, own) in [
            ("", true, ""),
            ("?cart=7&session=cs_1", false, "?cart=7"),
            (
                "?cart=7?toss-checkout=success&amount=1&paymentKey=k",
                true,
                "?cart=7",
            ),
            ("?code=SALE&cart=a=b", false, "?code=SALE&cart=a=b"),
            ("?code=SALE", true, ""),
        ] {
            assert_eq!(own_query(query, returned), own, "{query}");
        }
    }
}
