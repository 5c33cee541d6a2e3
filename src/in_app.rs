//! Browsers inside other apps. Bank and card apps often cannot come back to them, so the buyer is
//! told how to open the page in the phone's own browser.

/// An app with a browser of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InApp {
    /// 카카오톡.
    KakaoTalk,
    /// 네이버.
    Naver,
    /// Instagram.
    Instagram,
    /// Facebook and Messenger.
    Facebook,
    /// LINE.
    Line,
    /// Another app that is known to open links in a browser of its own.
    Other,
    /// A page inside an app that does not say which. It may know no address but the web's.
    WebView,
}

/// How the buyer leaves for the phone's own browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayOut {
    /// A link that does it.
    Link(String),
    /// Only the app's own menu can.
    Menu,
}

impl InApp {
    /// Which app it is, by `navigator.userAgent`.
    pub fn of(user_agent: &str) -> Option<Self> {
        // Facebook's marks follow Instagram's and Threads', which carry them, too; Android's mark of any
        // page inside an app comes last.
        const MARKS: [(&str, InApp); 17] = [
            ("KAKAOTALK", InApp::KakaoTalk),
            ("NAVER(inapp", InApp::Naver),
            ("Instagram", InApp::Instagram),
            (" Line/", InApp::Line),
            // Threads.
            ("Barcelona ", InApp::Other),
            ("FBAN", InApp::Facebook),
            ("FBAV", InApp::Facebook),
            ("BAND/", InApp::Other),
            ("DaumApps", InApp::Other),
            ("everytimeApp", InApp::Other),
            // TikTok by its system, its library, and its names in different countries.
            ("BytedanceWebview", InApp::Other),
            ("musical_ly", InApp::Other),
            ("trill_", InApp::Other),
            ("TikTok", InApp::Other),
            // X.
            ("TwitterAndroid", InApp::Other),
            ("Twitter for ", InApp::Other),
            // Source: <https://developer.chrome.com/docs/webview/user-agent>.
            ("; wv)", InApp::WebView),
        ];
        let found = MARKS.into_iter().find(|(mark, _)| holds(user_agent, mark));
        found.map(|(_, app)| app)
    }

    /// How to leave it from `address`, which is also given percent-encoded.
    pub fn way_out(self, user_agent: &str, address: &str, encoded: &str) -> WayOut {
        match self {
            Self::KakaoTalk => {
                WayOut::Link(["kakaotalk://web/openExternal?url=", encoded].concat())
            }
            Self::Line => {
                let separator = if address.contains('?') { "&" } else { "?" };
                WayOut::Link([address, separator, "openExternalBrowser=1"].concat())
            }
            // An app that knows only the web shows its own error in the place of the page.
            Self::WebView => WayOut::Menu,
            // Android opens an intent without a package in the browser that the buyer has chosen.
            _ if holds(user_agent, "Android") => match address.split_once(':') {
                Some((scheme, rest)) => {
                    let parts = ["intent:", rest, "#Intent;scheme=", scheme, ";end"];
                    WayOut::Link(parts.concat())
                }
                None => WayOut::Menu,
            },
            _ => WayOut::Menu,
        }
    }
}

/// Not `str::contains`: its search for long texts and what it prints when it panics add 2 KB to the
/// download.
fn holds(user_agent: &str, word: &str) -> bool {
    let mut places = user_agent.as_bytes().windows(word.len());
    places.any(|place| place == word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://shop.example/checkout/?session=cs_1";
    const ENCODED: &str = "https%3A%2F%2Fshop.example%2Fcheckout%2F%3Fsession%3Dcs_1";
    const ANDROID: &str =
        "Mozilla/5.0 (Linux; Android 14; SM-S901N) AppleWebKit/537.36 Mobile Safari/537.36 ";
    const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 ";

    #[test]
    fn each_app_is_known_by_its_mark() {
        for (mark, app) in [
            (";KAKAOTALK 2410000", Some(InApp::KakaoTalk)),
            ("NAVER(inapp; search; 2000; 12.5.1)", Some(InApp::Naver)),
            ("Instagram 334.0.0 [FBAN/x]", Some(InApp::Instagram)),
            ("[FB_IAB/FB4A;FBAV/466.0]", Some(InApp::Facebook)),
            ("[FBAN/FBIOS;FBAV/466.0]", Some(InApp::Facebook)),
            ("Safari Line/14.9.0", Some(InApp::Line)),
            ("BAND/15.2.0 (Android 14)", Some(InApp::Other)),
            ("DaumApps/7.3.1 DaumDevice/mobile", Some(InApp::Other)),
            ("everytimeApp", Some(InApp::Other)),
            (
                "trill_2023405030 BytedanceWebview/d8a21c6",
                Some(InApp::Other),
            ),
            ("musical_ly_34.5.0 JsSdk/2.0", Some(InApp::Other)),
            ("Barcelona 340.0.0 [FBAN/x]", Some(InApp::Other)),
            ("TwitterAndroid", Some(InApp::Other)),
            ("Twitter for iPhone/10.50", Some(InApp::Other)),
            ("Chrome/142.0.0.0 Mobile Safari/537.36", None),
            ("", None),
        ] {
            for system in [ANDROID, IPHONE] {
                assert_eq!(InApp::of(&[system, mark].concat()), app, "{mark}");
            }
        }
    }

    #[test]
    fn the_way_out_is_a_link_where_there_is_one() {
        let way = |app: InApp, system: &str| app.way_out(system, ADDRESS, ENCODED);
        let link = |text: &str| WayOut::Link(text.to_owned());
        for system in [ANDROID, IPHONE] {
            assert_eq!(
                way(InApp::KakaoTalk, system),
                link(&["kakaotalk://web/openExternal?url=", ENCODED].concat())
            );
            assert_eq!(
                way(InApp::Line, system),
                link(&[ADDRESS, "&openExternalBrowser=1"].concat())
            );
        }
        let anonymous = ANDROID.replace("N)", "N; wv)");
        assert_eq!(InApp::of(&anonymous), Some(InApp::WebView));
        assert_eq!(way(InApp::WebView, &anonymous), WayOut::Menu);
        for app in [
            InApp::Naver,
            InApp::Instagram,
            InApp::Facebook,
            InApp::Other,
        ] {
            assert_eq!(
                way(app, ANDROID),
                link("intent://shop.example/checkout/?session=cs_1#Intent;scheme=https;end")
            );
            assert_eq!(way(app, IPHONE), WayOut::Menu);
        }
    }
}
