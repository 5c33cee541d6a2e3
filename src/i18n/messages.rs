//! The sentences by name.

use toss_checkout_contract::{Interval, Locale, Method, SessionKind};

use super::{EN, KO};

macro_rules! messages {
    ($($name:ident),* $(,)?) => {
        /// The sentences of one language. The name and the text in `ko.rs` and `en.rs` say what each is
        /// for; merchants replace them by the same names.
        #[derive(Debug, Clone, Copy)]
        #[expect(missing_docs, reason = "the texts in ko.rs and en.rs say it")]
        pub struct Messages {
            /// The language.
            pub locale: Locale,
            $(pub $name: &'static str,)*
            /// Banks by Toss's codes.
            pub banks: &'static [(&'static str, &'static str)],
            /// Easy pay services by Toss's codes.
            /// Source: <https://docs.tosspayments.com/codes/enum-codes>.
            pub easy_pays: &'static [(&'static str, &'static str)],
            /// Card companies by Toss's codes. Bank 31 is not card company 31.
            /// Source: <https://docs.tosspayments.com/codes/org-codes>.
            pub card_companies: &'static [(&'static str, &'static str)],
        }

        impl Messages {
            /// The names of all sentences.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)*];

            /// All sentences, in the order of their names.
            fn sentences(&mut self) -> [&mut &'static str; Self::NAMES.len()] {
                [$(&mut self.$name,)*]
            }
        }
    };
}

messages! {
    test_mode, order, loading, methods, card, transfer, virtual_account, mobile_phone,
    culture_gift_certificate, book_gift_certificate, game_gift_certificate, foreign_easy_pay, gift_certificates,
    card_hint, transfer_hint, pay_card_hint, direct_hint, pay_transfer_hint, virtual_account_hint,
    mobile_phone_hint, gift_certificate_hint, foreign_easy_pay_hint, register_card, register_account, issue_account, pay,
    every_day, every_week, every_month, every_year, terms_now, terms_later, from_today,
    from_due_date, consent_version, consent, consent_missing, preparing, window_open,
    canceled_notice, in_app, in_app_open, in_app_naver, in_app_meta, sdk_failed, sdk_slow,
    sdk_offline, try_again, back_to_shop, help, delivering_card, delivering_payment,
    do_not_close, undelivered, undelivered_hint, undelivered_offline, unreachable,
    unreachable_hint, offline, offline_hint, other_method, looking_up, looking_up_hint,
    looking_up_long, card_registered, account_registered, account_later, charge_succeeded,
    charge_declined, charge_declined_hint, charge_unknown, done_before, next_charges,
    please_deposit, nothing_paid_yet, reversed, bank, account_number, copy_account, copied,
    copy_failed, holder, any_depositor, depositor, amount, exact_amount, deadline,
    cash_receipt, cash_receipt_hint, korean_time, time_is_up, days, hours, minutes, seconds,
    remaining, live_status, come_back, copy_address, address_copied, address_not_copied, print,
    paid, deposited, paid_at, easy_pay, installments, months, receipt, method, canceled, canceled_hint, canceled_paid_hint,
    partially_canceled, partially_canceled_hint, deposit_expired, deposit_expired_hint,
    session_expired, session_expired_hint, payment_failed, registration_failed,
    nothing_charged, stopped_in_window, not_approved, code, refused_address, refused_amount,
    refused_order, refused_customer, refused_kind, not_found, not_found_hint, back, misconfigured,
    misconfigured_hint, for_developers, crashed, crashed_hint, reload,
    // Why it failed, see `reason.rs`.
    card_declined, card_refused, no_funds, limit_reached, card_details, card_unusable,
    card_unsupported, account_unusable, account_too_new, too_often, bank_closed, amount_small,
    amount_large, suspicious, window_expired, aborted, method_unsupported, already_done,
    temporary, busy, shop, unknown, choose_other, or_choose_other,
}

impl Messages {
    /// Our sentences of a language by its tag; Korean for one that we do not speak.
    pub(crate) fn of_lang(lang: &str) -> &'static Self {
        if lang == Locale::En.as_str() {
            &EN
        } else {
            &KO
        }
    }

    /// The same with other sentences where `find` has one for a name.
    pub(super) fn overridden(&self, find: impl Fn(&str) -> Option<&'static str>) -> Self {
        let mut messages = *self;
        for (name, sentence) in Self::NAMES.iter().zip(messages.sentences()) {
            if let Some(theirs) = find(name) {
                *sentence = theirs;
            }
        }
        messages
    }

    /// The tag of the language, for `lang` attributes.
    pub fn lang(&self) -> &'static str {
        self.locale.as_str()
    }

    /// The tag by which the browser formats numbers and dates.
    pub fn intl(&self) -> &'static str {
        intl_tag(self.locale)
    }

    /// The name of a bank by Toss's code; the code when it is new to us.
    pub fn bank_name<'a>(&self, code: &'a str) -> &'a str {
        find(self.banks, code).unwrap_or(code)
    }

    /// The name of a card company by Toss's code; `None` when it is new to us.
    pub fn card_company(&self, code: &str) -> Option<&'static str> {
        card_company(self.locale, code)
    }

    /// The name of an easy pay service by Toss's code, or by the Korean name that Toss's answers have; the
    /// same when it is new to us.
    pub fn easy_pay_name<'a>(&self, given: &'a str) -> &'a str {
        let mut known = KO.easy_pays.iter();
        let known = known.find(|(_, korean)| *korean == given);
        let code = known.map_or(given, |(code, _)| code);
        find(self.easy_pays, code).unwrap_or(given)
    }

    /// What a method is called.
    pub fn method_name(&self, method: Method) -> &'static str {
        match method {
            Method::Card => self.card,
            Method::Transfer => self.transfer,
            Method::VirtualAccount => self.virtual_account,
            Method::MobilePhone => self.mobile_phone,
            Method::CultureGiftCertificate => self.culture_gift_certificate,
            Method::BookGiftCertificate => self.book_gift_certificate,
            Method::GameGiftCertificate => self.game_gift_certificate,
            Method::ForeignEasyPay => self.foreign_easy_pay,
        }
    }

    /// One line about a method: what it needs, or what the buyer should know before choosing it.
    pub fn method_hint(&self, kind: SessionKind, method: Method) -> &'static str {
        match (kind, method) {
            (SessionKind::Billing, Method::Card) => self.card_hint,
            (SessionKind::Billing, Method::Transfer) => self.transfer_hint,
            (SessionKind::Payment, Method::Card) => self.pay_card_hint,
            (SessionKind::Payment, Method::Transfer) => self.pay_transfer_hint,
            (_, Method::VirtualAccount) => self.virtual_account_hint,
            (_, Method::MobilePhone) => self.mobile_phone_hint,
            (
                _,
                Method::CultureGiftCertificate
                | Method::BookGiftCertificate
                | Method::GameGiftCertificate,
            ) => self.gift_certificate_hint,
            (_, Method::ForeignEasyPay) => self.foreign_easy_pay_hint,
        }
    }

    /// What the button of a method says.
    pub fn submit(&self, kind: SessionKind, method: Method) -> &'static str {
        match (kind, method) {
            (SessionKind::Billing, Method::Transfer) => self.register_account,
            (SessionKind::Billing, _) => self.register_card,
            (SessionKind::Payment, Method::VirtualAccount) => self.issue_account,
            (SessionKind::Payment, _) => self.pay,
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

/// The tag by which the browser formats numbers and dates of a language.
pub fn intl_tag(locale: Locale) -> &'static str {
    match locale {
        Locale::Ko => "ko-KR",
        Locale::En => "en-GB",
    }
}

/// The name of a card company in a language, by Toss's code; `None` when it is new to us.
pub fn card_company(locale: Locale, code: &str) -> Option<&'static str> {
    let companies = match locale {
        Locale::Ko => KO.card_companies,
        Locale::En => EN.card_companies,
    };
    find(companies, code)
}

fn find(names: &[(&str, &'static str)], code: &str) -> Option<&'static str> {
    let found = names.iter().find(|(known, _)| *known == code);
    found.map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subscription_is_said_with_its_values() {
        for text in [&KO, &EN] {
            let has = |sentence: &str, names: &[&str]| {
                names.iter().all(|name| sentence.contains(name))
                    && sentence.matches('{').count() >= names.len()
            };
            assert!(has(text.terms_now, &["{amount}", "{interval}"]));
            assert!(has(text.terms_later, &["{amount}", "{interval}"]));
            let all = ["{name}", "{amount}", "{interval}", "{from}"];
            assert!(has(text.consent, &all));
            assert!(has(text.direct_hint, &["{name}"]));
            assert!(has(text.months, &["{months}"]));
        }
    }

    /// Who changes a sentence that buyers have agreed to gives it a new version.
    #[test]
    fn a_consent_has_a_version_for_each_wording() {
        let of = |text: &Messages| {
            let from = [text.from_today, text.from_due_date];
            (text.consent_version, text.consent, from)
        };
        assert_eq!(
            of(&KO),
            (
                "ko-2026-11-1",
                "‘{name}’ 이용료로 상점이 {from} {interval} {amount}을 자동으로 결제하는 데 동의해요.",
                ["오늘부터", "결제일부터"]
            )
        );
        assert_eq!(
            of(&EN),
            (
                "en-2026-11-1",
                "I agree that the shop automatically charges {amount} {interval}, {from}, for ‘{name}’.",
                ["from today on", "from the billing date on"]
            )
        );
    }

    #[test]
    fn a_method_is_named_and_the_button_says_what_it_does() {
        let names = Method::ALL.map(|method| KO.method_name(method));
        assert_eq!(
            names,
            [
                "카드",
                "계좌이체",
                "가상계좌",
                "휴대폰",
                "문화상품권",
                "도서문화상품권",
                "게임문화상품권",
                "해외간편결제"
            ]
        );
        for method in Method::ALL {
            let pays = KO.submit(SessionKind::Payment, method);
            match method {
                Method::VirtualAccount => assert_eq!(pays, "가상계좌 발급받기"),
                _ => assert_eq!(pays, "결제하기"),
            }
            for text in [&KO, &EN] {
                assert!(!text.method_name(method).is_empty());
                assert!(!text.method_hint(SessionKind::Payment, method).is_empty());
            }
        }
        let registers = [Method::Card, Method::Transfer];
        let registers = registers.map(|method| KO.submit(SessionKind::Billing, method));
        assert_eq!(registers, ["카드 등록하기", "계좌 등록하기"]);
        assert_ne!(
            KO.method_hint(SessionKind::Billing, Method::Card),
            KO.method_hint(SessionKind::Payment, Method::Card)
        );
    }

    #[test]
    fn a_bank_and_a_card_company_of_one_code_differ() {
        assert_eq!(KO.bank_name("71"), "우체국");
        assert_eq!(KO.card_company("71"), Some("롯데카드"));
        assert_eq!(EN.bank_name("ZZ"), "ZZ");
        assert_eq!(EN.card_company("ZZ"), None);
        assert_eq!(KO.card_company(""), None);
    }

    #[test]
    fn both_languages_name_the_same_organizations() {
        let codes = |names: &[(&'static str, &'static str)]| -> Vec<&str> {
            names.iter().map(|(code, _)| *code).collect()
        };
        assert_eq!(codes(KO.banks), codes(EN.banks));
        assert_eq!(codes(KO.card_companies), codes(EN.card_companies));
        assert_eq!(codes(KO.easy_pays), codes(EN.easy_pays));
        assert_eq!(KO.easy_pay_name("TOSSPAY"), "토스페이");
        assert_eq!(EN.easy_pay_name("TOSSPAY"), "Toss Pay");
        assert_eq!(EN.easy_pay_name("토스페이"), "Toss Pay");
        assert_eq!(EN.easy_pay_name("새로운페이"), "새로운페이");
    }
}
