//! What is said of a subscription, as data: how it stands, and what it is charged by. Pure.

use toss_checkout_contract::{CustomerSubscription, MethodDisplay, Owed, SubscriptionStatus};

use super::{flow::Notice, texts::Texts};
use crate::{format, screen::Tone};

/// How a subscription stands: a heading, and what it means for the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How bad it is.
    pub tone: Tone,
    /// In a few words.
    pub heading: String,
    /// In full.
    pub says: Vec<String>,
    /// Toss's code, for whoever helps the customer.
    pub code: Option<String>,
}

/// Writes moments and sums; the browser does, and tests do without.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// A day.
    pub day: fn(&toss_checkout_contract::Timestamp, toss_checkout_contract::Locale) -> String,
    /// A sum.
    pub money: fn(toss_checkout_contract::Amount, toss_checkout_contract::Locale) -> String,
}

/// As the browser writes.
pub(super) const BROWSER: Written = Written {
    day: format::day,
    money: format::money_in,
};

/// How it stands; `None` when all is as it should be and nothing is to be told.
pub fn standing(
    subscription: &CustomerSubscription,
    text: &Texts,
    written: Written,
) -> Option<Standing> {
    let day = |sentence: &str, at| fill_day(sentence, at, text, written);
    let neutral = |heading: String, says: Vec<String>| Standing {
        tone: Tone::Neutral,
        heading,
        says,
        code: None,
    };
    if let Some(at) = &subscription.ended_at {
        return Some(neutral(day(text.ended, at), Vec::new()));
    }
    if let Some(owed) = &subscription.owed {
        return Some(of_debt(subscription, owed, text, written));
    }
    let says = |sentence: &'static str| vec![sentence.to_owned()];
    if let Some(at) = &subscription.cancel_at {
        return Some(neutral(day(text.ends, at), says(text.ends_hint)));
    }
    if subscription.status == SubscriptionStatus::AwaitingConsent {
        return Some(Standing {
            tone: Tone::Trouble,
            ..neutral(text.awaiting.to_owned(), says(text.awaiting_hint))
        });
    }
    if let Some(at) = &subscription.pause_at {
        let resumes = subscription.resume_at.iter();
        let resumes = resumes.map(|at| day(text.resumes, at)).collect();
        return Some(if subscription.status == SubscriptionStatus::Paused {
            neutral(text.paused.to_owned(), resumes)
        } else {
            neutral(day(text.pauses, at), resumes)
        });
    }
    if let Some(at) = &subscription.trial_end {
        return Some(Standing {
            tone: Tone::Good,
            ..neutral(day(text.trial, at), says(text.trial_hint))
        });
    }
    None
}

fn of_debt(
    subscription: &CustomerSubscription,
    owed: &Owed,
    text: &Texts,
    written: Written,
) -> Standing {
    let amount = (written.money)(owed.amount, text.locale);
    if owed.under_way {
        return Standing {
            tone: Tone::Neutral,
            heading: text.under_way.to_owned(),
            says: vec![text.under_way_hint.to_owned()],
            code: None,
        };
    }
    let heading = if subscription.status == SubscriptionStatus::Incomplete {
        text.incomplete.to_owned()
    } else {
        crate::i18n::fill(text.overdue, &[("amount", &amount)])
    };
    let usable = subscription.payment_method.as_ref();
    let usable = usable.is_some_and(|method| method.usable);
    let why = match (owed.payable, usable) {
        (true, _) => text.overdue_hint,
        (false, false) => text.overdue_method,
        (false, true) => text.overdue_held,
    };
    let mut says = vec![why.to_owned()];
    if let Some(at) = &owed.retry_at {
        says.push(fill_day(text.retry, at, text, written));
    }
    if !subscription.entitled {
        says.push(text.no_access.to_owned());
    }
    Standing {
        tone: Tone::Trouble,
        heading,
        says,
        code: owed.code.as_ref().map(|code| code.as_str().to_owned()),
    }
}

/// A sentence about a day.
pub fn fill_day(
    sentence: &str,
    at: &toss_checkout_contract::Timestamp,
    text: &Texts,
    written: Written,
) -> String {
    let day = (written.day)(at, text.locale);
    crate::i18n::fill(sentence, &[("day", &day)])
}

/// What a card or account is called, and its number.
pub fn method(method: &MethodDisplay, text: &Texts) -> (String, String) {
    if let Some(card) = &method.card {
        let company = text.card_company(&card.issuer_code).unwrap_or(text.card);
        return (company.to_owned(), format::card_number(&card.number));
    }
    match &method.account {
        Some(account) => (account.bank_name.clone(), account.account_number.clone()),
        None => (text.account.to_owned(), String::new()),
    }
}

/// What came of what the customer did.
pub fn notice(notice: Notice, text: &Texts) -> (Tone, &'static str) {
    match notice {
        Notice::Canceled => (Tone::Good, text.done_canceled),
        Notice::Refunded => (Tone::Good, text.done_refunded),
        Notice::Scheduled => (Tone::Good, text.done_scheduled),
        Notice::Uncanceled => (Tone::Good, text.done_uncanceled),
        Notice::Paid => (Tone::Good, text.done_paid),
        Notice::Refused => (Tone::Trouble, text.done_refused),
        Notice::Agreed => (Tone::Good, text.done_agreed),
        Notice::Changed => (Tone::Neutral, text.changed),
        Notice::Failed => (Tone::Trouble, text.failed),
        Notice::Unanswered => (Tone::Trouble, text.unanswered),
    }
}
