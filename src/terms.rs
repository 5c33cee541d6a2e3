//! A subscription in words: what is charged, when, and what the buyer agrees to.

use toss_checkout_contract::{Consent, ConsentText, ConsentVersion, Session};

use crate::{
    format::money,
    i18n::{Messages, fill},
};

/// What is charged when, and how it ends; none for one payment.
pub(crate) fn terms(session: &Session, messages: &Messages) -> Option<String> {
    let sentence = if session.charge_now {
        messages.terms_now
    } else {
        messages.terms_later
    };
    filled(sentence, session, messages)
}

/// What the buyer is asked to agree to: the merchant's words, or ours; nothing for one payment.
pub(crate) fn consent(session: &Session, messages: &Messages) -> Option<Consent> {
    let ours = filled(messages.consent, session, messages)?;
    session.consent.clone().or_else(|| {
        Some(Consent {
            version: ConsentVersion::new(messages.consent_version).ok()?,
            text: ConsentText::new(ours).ok()?,
        })
    })
}

fn filled(sentence: &str, session: &Session, messages: &Messages) -> Option<String> {
    let plan = session.plan?;
    // Not every backend is as strict as ours.
    let name = session.order_name.chars().filter(|c| !c.is_control());
    let name: String = name.take(100).collect();
    let from = if session.charge_now {
        messages.from_today
    } else {
        messages.from_due_date
    };
    let values = [
        ("name", &*name),
        ("amount", &money(plan.amount, messages)),
        ("interval", messages.interval(plan.interval)),
        ("from", from),
    ];
    Some(fill(sentence, &values))
}
