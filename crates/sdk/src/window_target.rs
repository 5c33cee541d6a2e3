//! Where Toss's window opens.

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
    /// Whether the main pointer is a finger. An iPad calls itself a Mac; only this tells.
    pub coarse_pointer: bool,
}

impl WindowTarget {
    /// Toss's overlay has a fixed width; below this it is cut off.
    const IFRAME_MIN_WIDTH: u32 = 768;

    /// What the SDK calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Iframe => "iframe",
            Self::SelfWindow => "self",
        }
    }

    /// Chooses what works here: on a phone Toss forbids the iframe, and in a narrow window it is cut off.
    pub fn choose(surroundings: Surroundings<'_>) -> Self {
        const MOBILE: [&str; 5] = ["Android", "iPhone", "iPad", "iPod", "Mobile"];
        // Not `str::contains`: its search for long texts weighs more than this whole function.
        let named = |word: &str| {
            let mut places = surroundings.user_agent.as_bytes().windows(word.len());
            places.any(|place| place == word.as_bytes())
        };
        let mobile = MOBILE.iter().any(|word| named(word));
        let touch_mac = surroundings.coarse_pointer && named("Macintosh");
        if mobile || touch_mac || surroundings.width < Self::IFRAME_MIN_WIDTH {
            Self::SelfWindow
        } else {
            Self::Iframe
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(user_agent: &str, width: u32, coarse_pointer: bool) -> WindowTarget {
        WindowTarget::choose(Surroundings {
            user_agent,
            width,
            coarse_pointer,
        })
    }

    #[test]
    fn a_phone_never_gets_an_iframe() {
        let kakao = "Mozilla/5.0 (Linux; Android 14; SM-S901N) AppleWebKit/537.36 Mobile Safari/537.36;KAKAOTALK 2410000";
        assert_eq!(choose(kakao, 390, true), WindowTarget::SelfWindow);
        // Turned sideways, or asked for the wide layout: still a phone.
        assert_eq!(choose(kakao, 1200, true), WindowTarget::SelfWindow);
        let ipad = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15";
        assert_eq!(choose(ipad, 1180, true), WindowTarget::SelfWindow);
    }

    #[test]
    fn a_desktop_gets_an_iframe_when_it_is_wide_enough() {
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/120.0 Safari/537.36";
        assert_eq!(choose(mac, 1280, false), WindowTarget::Iframe);
        assert_eq!(choose(mac, 480, false), WindowTarget::SelfWindow);
    }
}
