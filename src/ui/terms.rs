//! A subscription in words: what is charged, when, and what the buyer agrees to.

use toss_checkout_contract::{Consent, ConsentText, ConsentVersion, Session};

use super::money;
use crate::text::Text;

/// What is charged when, and how it ends; none for one payment.
pub(crate) fn terms(session: &Session, text: &Text) -> Option<String> {
    let words = if session.charge_now {
        text.terms_now()
    } else {
        text.terms_later()
    };
    filled(words, session, text)
}

/// What the buyer is asked to agree to: the merchant's words, or ours; nothing for one payment.
pub(crate) fn consent(session: &Session, text: &Text) -> Option<Consent> {
    let ours = filled(text.consent(), session, text)?;
    session.consent.clone().or_else(|| {
        Some(Consent {
            version: ConsentVersion::new(text.consent_version()).ok()?,
            text: ConsentText::new(ours).ok()?,
        })
    })
}

fn filled(sentence: &str, session: &Session, text: &Text) -> Option<String> {
    let plan = session.plan?;
    // Not every backend is as strict as ours.
    let name = session.order_name.chars().filter(|c| !c.is_control());
    let name: String = name.take(100).collect();
    let from = if session.charge_now {
        text.from_today()
    } else {
        text.from_due_date()
    };
    let values = [
        ("name", &*name),
        ("amount", &money(plan.amount, text)),
        ("interval", text.interval(plan.interval)),
        ("from", from),
    ];
    Some(Text::fill(sentence, &values))
}
