//! What the merchant's developer should know and the buyer need not: the page works, but not as it
//! will have to. [`crate::config::Misconfiguration`] is for what cannot work at all.

use toss_checkout_contract::KeyMode;

const TEST_KEY_IN_PUBLIC: &str =
    "test client key on a public host: no real money moves here. Sell with the live key.";
const LIVE_KEY_AT_HOME: &str = "live client key on a local host: Toss's live windows expect a public https address. Develop with the test key.";
const NOT_SECURE: &str =
    "http on a public host: Toss's window and the clipboard need https. Serve the page over https.";
const CUT_OFF: &str = "Cross-Origin-Opener-Policy: same-origin cuts this page off from Toss's window. Send same-origin-allow-popups.";

/// What is wrong with a key of this mode on a page of this origin, whose document came with this
/// `Cross-Origin-Opener-Policy`; empty where it has none. Each names its fix.
pub fn misuse(
    mode: KeyMode,
    origin: &str,
    opener_policy: &str,
) -> impl Iterator<Item = &'static str> {
    let (is_test, is_secure) = (mode == KeyMode::Test, origin.starts_with("https:"));
    let is_public = is_public(origin);
    // It may name an endpoint for reports, too.
    let policy = opener_policy.split(';').next().unwrap_or_default();
    [
        (is_test && is_secure && is_public, TEST_KEY_IN_PUBLIC),
        (!is_test && !is_public, LIVE_KEY_AT_HOME),
        (!is_secure && is_public, NOT_SECURE),
        (policy.trim_ascii() == "same-origin", CUT_OFF),
    ]
    .into_iter()
    .filter_map(|(is_so, words)| is_so.then_some(words))
}

/// Whether strangers can open a page of this origin, as far as its name says.
fn is_public(origin: &str) -> bool {
    // At a character: the search for a longer text weighs more than this whole module.
    let (_, host) = origin.split_once(':').unwrap_or_default();
    let host = host.strip_prefix("//").unwrap_or_default();
    if let Some(address) = host.strip_prefix('[') {
        // Loopback; unique local and link-local addresses begin with f.
        return !address.starts_with("::1]") && !address.starts_with('f');
    }
    let (host, _) = host.split_once(':').unwrap_or((host, ""));
    // No top-level domain in use ends with a digit, and no host is public without one.
    let is_number = host.ends_with(|last: char| last.is_ascii_digit());
    let is_local = if is_number {
        matches!(
            host.as_bytes(),
            [b'1', b'0', b'.', ..]
                | [b'1', b'2', b'7', b'.', ..]
                | [b'1', b'9', b'2', b'.', b'1', b'6', b'8', b'.', ..]
                | [b'1', b'6', b'9', b'.', b'2', b'5', b'4', b'.', ..]
                | [b'1', b'7', b'2', b'.', b'1', b'6'..=b'9', b'.', ..]
                | [b'1', b'7', b'2', b'.', b'2', b'0'..=b'9', b'.', ..]
                | [b'1', b'7', b'2', b'.', b'3', b'0' | b'1', b'.', ..]
        )
    } else {
        let last = host.rsplit_once('.').map(|(_, last)| last);
        matches!(last, None | Some("localhost" | "local" | "test"))
    };
    !is_local
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: [&str; 9] = [
        "https://shop.example",
        "https://shop.example:8443",
        "https://10.shop.example",
        "https://test.shop.example",
        "https://localhost.shop.example",
        "https://93.184.216.34",
        "https://172.32.0.1",
        "https://192.169.0.1",
        "https://[2606:2800:220:1::1]",
    ];
    const LOCAL: [&str; 16] = [
        "http://localhost:8080",
        "https://localhost",
        "http://shop.localhost",
        "http://devbox:3000",
        "http://127.0.0.1:8080",
        "http://127.8.0.1",
        "http://[::1]:8080",
        "http://[fd00::1]",
        "http://macbook.local:5173",
        "https://shop.test",
        "http://10.0.0.2",
        "http://172.16.0.1",
        "http://172.31.255.1:80",
        "http://192.168.0.10:5173",
        "http://169.254.1.1",
        "null",
    ];

    fn found(mode: KeyMode, origin: &str) -> Vec<&'static str> {
        misuse(mode, origin, "").collect()
    }

    #[test]
    fn a_key_of_the_wrong_mode_is_named() {
        for origin in PUBLIC {
            assert_eq!(
                found(KeyMode::Test, origin),
                [TEST_KEY_IN_PUBLIC],
                "{origin}"
            );
            assert!(found(KeyMode::Live, origin).is_empty(), "{origin}");
        }
        for origin in LOCAL {
            assert!(found(KeyMode::Test, origin).is_empty(), "{origin}");
            assert_eq!(found(KeyMode::Live, origin), [LIVE_KEY_AT_HOME], "{origin}");
        }
    }

    #[test]
    fn http_is_named_where_strangers_come() {
        for origin in PUBLIC {
            let origin = origin.replace("https", "http");
            for mode in [KeyMode::Test, KeyMode::Live] {
                assert_eq!(found(mode, &origin), [NOT_SECURE], "{origin}");
            }
        }
    }

    #[test]
    fn an_opener_policy_that_cuts_the_window_off_is_named() {
        let found =
            |policy| -> Vec<_> { misuse(KeyMode::Test, "http://localhost:8080", policy).collect() };
        for policy in ["same-origin", " same-origin; report-to=\"coop\""] {
            assert_eq!(found(policy), [CUT_OFF], "{policy}");
        }
        for policy in ["", "same-origin-allow-popups", "unsafe-none"] {
            assert!(found(policy).is_empty(), "{policy}");
        }
    }
}
