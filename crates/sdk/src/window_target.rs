//! Where Toss's window opens.

use thiserror::Error;

use crate::requests::Vocabulary;

/// Where Toss's window opens.
/// Source: <https://docs.tosspayments.com/sdk/v2/js> (`windowTarget`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowTarget {
    /// Over the page. Not on a phone.
    Iframe,
    /// Instead of the page.
    SelfWindow,
}

/// What decides where the window can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surroundings<'a> {
    /// `navigator.userAgent`.
    pub user_agent: &'a str,
    /// Width of the page in CSS pixels.
    pub width: u32,
    /// `navigator.maxTouchPoints`. An iPad calls itself a Mac; only this tells, also with a trackpad, and no
    /// Mac has a touch screen.
    pub touch_points: u32,
    /// Whether the page is inside another page's frame: `window !== window.top`.
    pub framed: bool,
}

/// Where Toss forbids to open its window.
/// Source: <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WindowTargetError {
    /// The page wants an iframe, and this is a phone.
    #[error(
        "Toss's window cannot open in an iframe on a phone: leave windowTarget out, or choose `self` there"
    )]
    IframeOnPhone,
    /// The page itself is in a frame, and this is a phone.
    #[error(
        "Toss's window cannot open from inside a frame on a phone: open the page in the whole window first, with a link that has target=\"_top\""
    )]
    FramedOnPhone,
}

impl WindowTarget {
    /// Toss's overlay has a fixed width; below this it is cut off.
    const IFRAME_MIN_WIDTH: u32 = 768;

    /// Chooses what works here, or what is `wanted` where that works. On a phone, which includes
    /// every in-app browser, it is the whole window; a narrow window would cut the overlay off.
    ///
    /// # Errors
    /// What Toss forbids on a phone, with the way out.
    pub fn choose(
        surroundings: Surroundings<'_>,
        wanted: Option<Self>,
    ) -> Result<Self, WindowTargetError> {
        if !surroundings.is_phone() {
            let fits = surroundings.width >= Self::IFRAME_MIN_WIDTH;
            return Ok(match wanted {
                Some(wanted) => wanted,
                None if fits => Self::Iframe,
                None => Self::SelfWindow,
            });
        }
        if surroundings.framed {
            return Err(WindowTargetError::FramedOnPhone);
        }
        match wanted {
            Some(Self::Iframe) => Err(WindowTargetError::IframeOnPhone),
            _ => Ok(Self::SelfWindow),
        }
    }
}

impl Vocabulary for WindowTarget {
    fn word(self) -> &'static str {
        match self {
            Self::Iframe => "iframe",
            Self::SelfWindow => "self",
        }
    }
}

impl Surroundings<'_> {
    /// Whether Toss treats it as a phone: phones, tablets, and the browsers inside other apps there.
    pub fn is_phone(self) -> bool {
        const WORDS: [&str; 5] = ["Android", "iPhone", "iPad", "iPod", "Mobile"];
        // Not `str::contains`: its search for long texts weighs more than this whole function.
        let named = |word: &str| {
            let mut places = self.user_agent.as_bytes().windows(word.len());
            places.any(|place| place == word.as_bytes())
        };
        WORDS.iter().any(|word| named(word)) || (self.touch_points > 1 && named("Macintosh"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KAKAO: &str = "Mozilla/5.0 (Linux; Android 14; SM-S901N) AppleWebKit/537.36 Mobile Safari/537.36;KAKAOTALK 2410000";
    const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/120.0 Safari/537.36";
    const IPAD: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15";
    const IN_APP: [&str; 5] = [
        KAKAO,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 NAVER(inapp; search; 2000; 12.5.1)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/21F79 Instagram 334.0.0",
        "Mozilla/5.0 (Linux; Android 13; SM-A536N; wv) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/466.0]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/14.9.0",
    ];

    fn at(user_agent: &str, width: u32) -> Surroundings<'_> {
        Surroundings {
            user_agent,
            width,
            touch_points: 0,
            framed: false,
        }
    }

    fn touched(surroundings: Surroundings<'_>) -> Surroundings<'_> {
        Surroundings {
            touch_points: 5,
            ..surroundings
        }
    }

    fn framed(surroundings: Surroundings<'_>) -> Surroundings<'_> {
        Surroundings {
            framed: true,
            ..surroundings
        }
    }

    #[test]
    fn a_phone_gets_the_whole_window() {
        let whole = Ok(WindowTarget::SelfWindow);
        for user_agent in IN_APP {
            assert_eq!(WindowTarget::choose(at(user_agent, 390), None), whole);
        }
        // Turned sideways, or asked for the wide layout: still a phone.
        assert_eq!(WindowTarget::choose(touched(at(KAKAO, 1200)), None), whole);
        assert_eq!(WindowTarget::choose(touched(at(IPAD, 1180)), None), whole);
        let wanted = Some(WindowTarget::SelfWindow);
        assert_eq!(WindowTarget::choose(at(KAKAO, 390), wanted), whole);
    }

    #[test]
    fn what_toss_forbids_on_a_phone_is_refused_with_a_way_out() {
        let wanted = Some(WindowTarget::Iframe);
        let refused = WindowTarget::choose(at(KAKAO, 390), wanted).unwrap_err();
        assert_eq!(refused, WindowTargetError::IframeOnPhone);
        assert!(refused.to_string().contains("`self`"));
        for wanted in [None, wanted, Some(WindowTarget::SelfWindow)] {
            let refused = WindowTarget::choose(framed(at(KAKAO, 390)), wanted).unwrap_err();
            assert_eq!(refused, WindowTargetError::FramedOnPhone);
            assert!(refused.to_string().contains("_top"));
        }
    }

    #[test]
    fn a_desktop_gets_an_iframe_when_it_is_wide_enough_and_what_it_wants_otherwise() {
        let iframe = Ok(WindowTarget::Iframe);
        let whole = Ok(WindowTarget::SelfWindow);
        assert_eq!(WindowTarget::choose(at(MAC, 1280), None), iframe);
        assert_eq!(WindowTarget::choose(framed(at(MAC, 1280)), None), iframe);
        assert_eq!(WindowTarget::choose(at(MAC, 480), None), whole);
        assert_eq!(
            WindowTarget::choose(at(MAC, 480), Some(WindowTarget::Iframe)),
            iframe
        );
        assert_eq!(
            WindowTarget::choose(at(MAC, 1280), Some(WindowTarget::SelfWindow)),
            whole
        );
    }
}
