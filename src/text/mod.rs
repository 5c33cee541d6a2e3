//! Every sentence that the page says. A language is two files beside this one, a line a sentence; one
//! that lacks a line does not compile. The buyer downloads the language that is spoken only: `ko.txt`
//! with the page, `ko-more.txt` when a screen needs it.

mod failures;

use std::cell::RefCell;

use toss_checkout_contract::{Interval, Locale, Method};

pub use failures::{Action, Reason, Severity, reason};

macro_rules! sentences {
    (first { $($name:ident)* } more { $($more:ident)* }) => {
        /// The places of the sentences.
        #[expect(non_camel_case_types, reason = "they are the names in the files")]
        enum Line {
            $($name,)*
            $($more,)*
        }

        #[expect(
            missing_docs,
            clippy::wrong_self_convention,
            reason = "the name and the text in the files say what each sentence is for"
        )]
        impl Text {
            /// The names of the sentences, in the order of their lines.
            const FIRST: &[&str] = &[$(stringify!($name),)*];
            const MORE: &[&str] = &[$(stringify!($more),)*];

            $(pub fn $name(&self) -> &'static str {
                self.sentences[Line::$name as usize]
            })*
            $(pub fn $more(&self) -> &'static str {
                self.sentences[Line::$more as usize]
            })*
        }
    };
}

/// The sentences of one language.
#[derive(Debug)]
pub struct Text {
    /// Which it is.
    pub locale: Locale,
    /// Those of the first file, those of the second, and those of the reasons. A list and no fields:
    /// each field would have code of its own that reads it.
    sentences: [&'static str; COUNT],
    /// A line for each bank and card company: `bank 04: KB국민은행`.
    organizations: &'static str,
}

const COUNT: usize = BEFORE_REASONS + Reason::NAMES.len();
const BEFORE_REASONS: usize = Text::FIRST.len() + Text::MORE.len();

sentences! {
    // Of the form, and of what is to be said when nothing more can be fetched.
    first {
        lang intl test_mode order loading methods card transfer virtual_account card_hint
        transfer_hint virtual_account_hint register_card register_account issue_account every_day
        every_week every_month every_year terms_now terms_later from_today from_due_date
        consent_version consent consent_missing preparing window_open canceled_notice in_app
        in_app_open in_app_naver in_app_meta sdk_failed sdk_slow sdk_offline try_again back_to_shop
        help delivering_card
        delivering_payment do_not_close undelivered undelivered_hint undelivered_offline unreachable
        unreachable_hint offline offline_hint
    }
    // Of every other screen.
    more {
        other_method looking_up looking_up_hint looking_up_long card_registered account_registered
        account_later charge_succeeded charge_declined charge_declined_hint charge_unknown
        done_before next_charges please_deposit nothing_paid_yet reversed bank account_number
        copy_account copied copy_failed holder any_depositor depositor amount exact_amount deadline
        cash_receipt cash_receipt_hint korean_time time_is_up days hours minutes seconds remaining
        live_status come_back copy_address address_copied address_not_copied print paid paid_at
        receipt method canceled canceled_hint canceled_paid_hint partially_canceled
        partially_canceled_hint deposit_expired deposit_expired_hint session_expired
        session_expired_hint payment_failed registration_failed nothing_charged stopped_in_window
        not_approved code refused_address refused_amount refused_order refused_customer refused_kind
        not_found not_found_hint misconfigured misconfigured_hint for_developers fix_no_session fix_session fix_secret_key
        fix_widget_key fix_empty_key fix_key fix_methods fix_sdk
    }
}

const _: () = assert!(
    has_lines(include_bytes!("ko.txt"), Text::FIRST, &[])
        && has_lines(include_bytes!("ko-more.txt"), Text::MORE, Reason::NAMES),
    "Korean lacks a sentence, or has it at another place than `sentences!` and `reasons!` say"
);
const _: () = assert!(
    has_lines(include_bytes!("en.txt"), Text::FIRST, &[])
        && has_lines(include_bytes!("en-more.txt"), Text::MORE, Reason::NAMES),
    "English lacks a sentence, or has it at another place than `sentences!` and `reasons!` say"
);

/// Whether a file has a line `name: sentence` for each name, in their order.
const fn has_lines(file: &[u8], names: &[&str], more: &[&str]) -> bool {
    let mut at = 0;
    let mut line = 0;
    while line < names.len() + more.len() {
        let name = if line < names.len() {
            names[line].as_bytes()
        } else {
            more[line - names.len()].as_bytes()
        };
        let mut matched = 0;
        while matched < name.len() {
            if at >= file.len() || file[at] != name[matched] {
                return false;
            }
            at += 1;
            matched += 1;
        }
        // At least one letter.
        if at + 2 >= file.len() || file[at] != b':' || file[at + 1] != b' ' || file[at + 2] <= b' '
        {
            return false;
        }
        while at < file.len() && file[at] != b'\n' {
            at += 1;
        }
        at += 1;
        line += 1;
    }
    true
}

thread_local! {
    /// What was read, so that many pages of one language share it.
    static READ: RefCell<Vec<(&'static str, &'static Text)>> = const { RefCell::new(Vec::new()) };
}

impl Text {
    /// Reads a language's first file, or both, one behind the other; `None` when they are none. What was
    /// read once is kept for good.
    pub fn read(words: &str) -> Option<&'static Self> {
        READ.with_borrow_mut(|read| {
            if let Some((_, text)) = read.iter().find(|(file, _)| *file == words) {
                return Some(*text);
            }
            let file: &'static str = Box::leak(words.into());
            let text: &'static Self = Box::leak(Box::new(Self::of_lines(file)?));
            read.push((file, text));
            Some(text)
        })
    }

    fn of_lines(file: &'static str) -> Option<Self> {
        let mut text = Self {
            locale: Locale::Ko,
            sentences: [""; COUNT],
            organizations: "",
        };
        let mut rest = file;
        for (read, sentence) in text.sentences.iter_mut().enumerate() {
            // The first file may stand alone.
            if read == Self::FIRST.len() && rest.is_empty() {
                break;
            }
            let (line, after) = rest.split_once('\n')?;
            let (_, words) = line.split_once(':')?;
            *sentence = words.trim_ascii();
            rest = after;
        }
        text.organizations = rest;
        if text.lang() == "en" {
            text.locale = Locale::En;
        }
        Some(text)
    }

    /// The sentence about a reason.
    pub fn reason(&self, reason: Reason) -> &'static str {
        let sentence = self.sentences.get(BEFORE_REASONS + reason as usize);
        sentence.copied().unwrap_or_default()
    }

    /// Whether both files were read.
    pub fn is_whole(&self) -> bool {
        !self.organizations.is_empty()
    }

    /// The name of a bank by Toss's code; the code when it is new to us.
    pub fn bank_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.organization("bank ", code).unwrap_or(code)
    }

    /// The name of a card company by Toss's code; `None` when it is new to us. The codes of banks and
    /// card companies are independent: bank 31 is not card company 31.
    /// Source: <https://docs.tosspayments.com/codes/org-codes>.
    pub fn card_company(&self, code: &str) -> Option<&'static str> {
        self.organization("card ", code)
    }

    fn organization(&self, kind: &str, code: &str) -> Option<&'static str> {
        let mut lines = self.organizations.split('\n');
        lines.find_map(|line| {
            let rest = line.strip_prefix(kind)?.strip_prefix(code)?;
            Some(rest.strip_prefix(':')?.trim_ascii())
        })
    }

    /// A sentence with values in the place of their names: `{amount}`.
    pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        for (at, part) in sentence.split('{').enumerate() {
            let (name, rest) = part.split_once('}').unwrap_or(("", part));
            // Before the first name there is none.
            if at > 0
                && let Some((_, value)) = values.iter().find(|(known, _)| *known == name)
            {
                filled.push_str(value);
            }
            filled.push_str(rest);
        }
        filled
    }

    /// What a method is called.
    pub fn method_name(&self, method: Method) -> &'static str {
        match method {
            Method::Card => self.card(),
            Method::Transfer => self.transfer(),
            Method::VirtualAccount => self.virtual_account(),
        }
    }

    /// One line about a method.
    pub fn method_hint(&self, method: Method) -> &'static str {
        match method {
            Method::Card => self.card_hint(),
            Method::Transfer => self.transfer_hint(),
            Method::VirtualAccount => self.virtual_account_hint(),
        }
    }

    /// What the button of a method says.
    pub fn submit(&self, method: Method) -> &'static str {
        match method {
            Method::Card => self.register_card(),
            Method::Transfer => self.register_account(),
            Method::VirtualAccount => self.issue_account(),
        }
    }

    /// How often a plan charges.
    pub fn interval(&self, interval: Interval) -> &'static str {
        match interval {
            Interval::Day => self.every_day(),
            Interval::Week => self.every_week(),
            Interval::Month => self.every_month(),
            Interval::Year => self.every_year(),
        }
    }
}

#[cfg(test)]
impl Text {
    /// The sentences of a language.
    pub(crate) fn of(locale: Locale) -> &'static Self {
        let file = match locale {
            Locale::Ko => concat!(include_str!("ko.txt"), include_str!("ko-more.txt")),
            Locale::En => concat!(include_str!("en.txt"), include_str!("en-more.txt")),
        };
        Self::read(file).unwrap_or_else(|| unreachable!("it was checked when it was compiled"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_knows_itself_and_is_read_once() {
        let (ko, en) = (Text::of(Locale::Ko), Text::of(Locale::En));
        assert_eq!(
            (ko.locale, ko.lang(), en.locale, en.lang()),
            (Locale::Ko, "ko", Locale::En, "en")
        );
        assert!(std::ptr::eq(ko, Text::of(Locale::Ko)));
        assert_eq!((ko.card(), en.card()), ("카드", "Card"));
        assert!(ko.reason(Reason::Unknown).starts_with("처리하지"));
    }

    #[test]
    fn the_first_file_is_enough_for_the_form_and_names_may_be_left_out() {
        let first = include_str!("ko.txt");
        let form = Text::read(first).unwrap();
        assert!(!form.is_whole() && form.unreachable_hint().contains("상점"));
        let whole = [first, include_str!("ko-more.txt")].concat();
        let short: String = whole
            .lines()
            .map(|line| {
                let (name, words) = line.split_once(':').unwrap();
                let kept = if name.contains(' ') { name } else { "" };
                [kept, ":", words.trim(), "\n"].concat()
            })
            .collect();
        let text = Text::read(&short).unwrap();
        assert_eq!(text.for_developers(), Text::of(Locale::Ko).for_developers());
        assert_eq!(text.bank_name("04"), "04");
        assert_eq!(text.bank_name("06"), "KB국민은행");
        assert!(text.is_whole());
        let cut = |lines: usize| -> String {
            let lines = whole.lines().take(lines);
            lines.map(|line| [line, "\n"].concat()).collect()
        };
        assert!(Text::read(&cut(5)).is_none());
        assert!(Text::read(&cut(first.lines().count() + 5)).is_none());
        assert!(Text::read("").is_none());
    }

    #[test]
    fn a_missing_line_and_an_empty_one_do_not_compile() {
        let file = include_str!("ko.txt");
        let has = |file: &str| has_lines(file.as_bytes(), Text::FIRST, &[]);
        assert!(has(file));
        let lines = file.lines().filter(|line| !line.starts_with("help:"));
        let without: String = lines.map(|line| [line, "\n"].concat()).collect();
        assert!(without.len() < file.len() && !has(&without));
        assert!(!has(&file.replace("help: 도움이 필요해요", "help: ")));
    }

    #[test]
    fn values_take_the_places_of_their_names() {
        let values = [("a", "{b}"), ("b", "2")];
        let filled = Text::fill("{b}: {a} and {b}, {c}.", &values);
        assert_eq!(filled, "2: {b} and 2, .", "a value is not looked into");
        assert_eq!(Text::fill("nothing", &values), "nothing");
    }

    #[test]
    fn the_subscription_is_said_with_its_values() {
        for locale in [Locale::Ko, Locale::En] {
            let text = Text::of(locale);
            let has = |sentence: &str, names: &[&str]| {
                names.iter().all(|name| sentence.contains(name))
                    && sentence.matches('{').count() >= names.len()
            };
            assert!(has(text.terms_now(), &["{amount}", "{interval}"]));
            assert!(has(text.terms_later(), &["{amount}", "{interval}"]));
            let all = ["{name}", "{amount}", "{interval}", "{from}"];
            assert!(has(text.consent(), &all));
        }
    }

    /// Who changes a sentence that buyers have agreed to gives it a new version.
    #[test]
    fn a_consent_has_a_version_for_each_wording() {
        let of = |locale| {
            let text = Text::of(locale);
            let from = [text.from_today(), text.from_due_date()];
            (text.consent_version(), text.consent(), from)
        };
        assert_eq!(
            of(Locale::Ko),
            (
                "ko-2026-11-1",
                "‘{name}’ 이용료로 상점이 {from} {interval} {amount}을 자동으로 결제하는 데 동의해요.",
                ["오늘부터", "결제일부터"]
            )
        );
        assert_eq!(
            of(Locale::En),
            (
                "en-2026-11-1",
                "I agree that the shop automatically charges {amount} {interval}, {from}, for ‘{name}’.",
                ["from today on", "from the billing date on"]
            )
        );
    }

    #[test]
    fn a_bank_and_a_card_company_of_one_code_differ() {
        let (ko, en) = (Text::of(Locale::Ko), Text::of(Locale::En));
        assert_eq!(ko.bank_name("71"), "우체국");
        assert_eq!(ko.card_company("71"), Some("롯데카드"));
        assert_eq!(en.bank_name("ZZ"), "ZZ");
        assert_eq!(en.card_company("ZZ"), None);
        assert_eq!(ko.card_company(""), None);
    }

    #[test]
    fn both_languages_name_the_same_organizations() {
        let codes = |text: &Text| -> Vec<&str> {
            let lines = text.organizations.lines();
            lines.map(|line| line.split_once(": ").unwrap().0).collect()
        };
        let ko = codes(Text::of(Locale::Ko));
        assert_eq!(ko, codes(Text::of(Locale::En)));
        assert!(ko.iter().all(|code| code.len() == "bank 04".len()));
    }
}
