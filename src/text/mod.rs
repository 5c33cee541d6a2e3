//! Every sentence that the page says. One record per language: a missing text does not compile.

mod en;
mod failures;
mod ko;
mod organizations;

use toss_checkout_contract::{Interval, Locale, Method};

pub use failures::{Action, Reason, Severity, reason};
pub use organizations::{bank_name, card_name};

/// The sentences of one language.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "the name and the Korean text say what each sentence is for"
)]
pub struct Text {
    pub locale: Locale,
    pub lang: &'static str,
    pub intl: &'static str,
    pub test_mode: &'static str,
    pub order: &'static str,
    pub loading: &'static str,
    pub methods: &'static str,
    pub card: &'static str,
    pub transfer: &'static str,
    pub virtual_account: &'static str,
    pub card_hint: &'static str,
    pub transfer_hint: &'static str,
    pub virtual_account_hint: &'static str,
    pub register_card: &'static str,
    pub register_account: &'static str,
    pub issue_account: &'static str,
    pub every_day: &'static str,
    pub every_week: &'static str,
    pub every_month: &'static str,
    pub every_year: &'static str,
    pub charge_now: &'static str,
    pub charge_later: &'static str,
    pub preparing: &'static str,
    pub window_open: &'static str,
    pub canceled_notice: &'static str,
    pub sdk_failed: &'static str,
    pub try_again: &'static str,
    pub other_method: &'static str,
    pub back_to_shop: &'static str,
    pub help: &'static str,
    pub delivering_card: &'static str,
    pub delivering_payment: &'static str,
    pub do_not_close: &'static str,
    pub looking_up: &'static str,
    pub looking_up_hint: &'static str,
    pub undelivered: &'static str,
    pub undelivered_hint: &'static str,
    pub unreachable: &'static str,
    pub unreachable_hint: &'static str,
    pub card_registered: &'static str,
    pub account_registered: &'static str,
    pub account_later: &'static str,
    pub charge_succeeded: &'static str,
    pub charge_declined: &'static str,
    pub charge_declined_hint: &'static str,
    pub charge_unknown: &'static str,
    pub next_charges: &'static str,
    pub please_deposit: &'static str,
    pub nothing_paid_yet: &'static str,
    pub bank: &'static str,
    pub account_number: &'static str,
    pub copy_account: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
    pub holder: &'static str,
    pub amount: &'static str,
    pub exact_amount: &'static str,
    pub deadline: &'static str,
    pub korean_time: &'static str,
    pub time_is_up: &'static str,
    pub days: &'static str,
    pub hours: &'static str,
    pub minutes: &'static str,
    pub seconds: &'static str,
    pub remaining: &'static str,
    pub live_status: &'static str,
    pub paid: &'static str,
    pub paid_at: &'static str,
    pub receipt: &'static str,
    pub method: &'static str,
    pub canceled: &'static str,
    pub canceled_hint: &'static str,
    pub partially_canceled: &'static str,
    pub deposit_expired: &'static str,
    pub deposit_expired_hint: &'static str,
    pub session_expired: &'static str,
    pub session_expired_hint: &'static str,
    pub payment_failed: &'static str,
    pub registration_failed: &'static str,
    pub nothing_charged: &'static str,
    pub code: &'static str,
    pub refused_address: &'static str,
    pub refused_amount: &'static str,
    pub refused_order: &'static str,
    pub refused_customer: &'static str,
    pub refused_kind: &'static str,
    pub not_found: &'static str,
    pub not_found_hint: &'static str,
    pub misconfigured: &'static str,
    pub misconfigured_hint: &'static str,
    pub for_developers: &'static str,
    pub reasons: failures::Sentences,
}

impl Text {
    /// The sentences of a language.
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::Ko => &ko::KO,
            Locale::En => &en::EN,
        }
    }

    /// What a method is called.
    pub fn method_name(&self, method: Method) -> &'static str {
        match method {
            Method::Card => self.card,
            Method::Transfer => self.transfer,
            Method::VirtualAccount => self.virtual_account,
        }
    }

    /// One line about a method.
    pub fn method_hint(&self, method: Method) -> &'static str {
        match method {
            Method::Card => self.card_hint,
            Method::Transfer => self.transfer_hint,
            Method::VirtualAccount => self.virtual_account_hint,
        }
    }

    /// What the button of a method says.
    pub fn submit(&self, method: Method) -> &'static str {
        match method {
            Method::Card => self.register_card,
            Method::Transfer => self.register_account,
            Method::VirtualAccount => self.issue_account,
        }
    }

    /// How often a plan charges.
    pub fn interval(&self, interval: Interval) -> &'static str {
        match interval {
            Interval::Day => self.every_day,
            Interval::Week => self.every_week,
            Interval::Month => self.every_month,
            Interval::Year => self.every_year,
        }
    }
}

/// Chooses the language: the option, then the session, then the first of the browser's (best first,
/// between commas) that we speak.
pub fn choose(option: Option<Locale>, session: Option<Locale>, browser: &str) -> Locale {
    let spoken = |tag: &str| match tag.get(..2) {
        Some("ko") => Some(Locale::Ko),
        Some("en") => Some(Locale::En),
        _ => None,
    };
    option
        .or(session)
        .or_else(|| browser.split(',').find_map(spoken))
        .unwrap_or(Locale::Ko)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_wins_then_the_session_then_the_browser_then_korean() {
        assert_eq!(choose(Some(Locale::En), Some(Locale::Ko), "ko"), Locale::En);
        assert_eq!(choose(None, Some(Locale::Ko), "en-US"), Locale::Ko);
        assert_eq!(choose(None, None, "fr,en-GB,ko"), Locale::En);
        assert_eq!(choose(None, None, "fr,ja-JP"), Locale::Ko);
    }
}
