//! A subscription and its payments as their customer sees them.

use toss_checkout_contract::{
    Amount, CancelChoices as CancelView, CancelNow, ConsentRequest, CustomerInvoice,
    CustomerSubscription, Interval, InvoiceStatus as InvoiceView, MethodDisplay, NextCharge, Owed,
    Price, SubscriptionStatus as StatusView,
};

use super::{CancelChoices, Needed, cancel_choices, consent_texts};
use crate::{
    application::{
        error::UseCaseError,
        services::Services,
        subscription_step::{Loaded, is_chargeable},
        subscriptions::{Charged, Charges, Shown, read_at_rest, shown},
    },
    domain::{
        ids::{InvoiceId, SubscriptionId},
        payment_method::PaymentMethod,
        refund::RefundStatus,
        subscription::{
            SubscriptionStatus,
            calendar::{Day, Unit},
            commands,
            consent_text::{ConsentTexts, Means},
            engine::has_unhandled_outcome,
            invoice::{Invoice, InvoiceStatus},
            price::Terms,
            state::RefundDue,
        },
        time::Millis,
    },
};

fn won(value: u64) -> Option<Amount> {
    Amount::won(value).ok()
}

pub(super) async fn read(
    services: &Services,
    id: &SubscriptionId,
) -> Result<CustomerSubscription, UseCaseError> {
    let loaded = vec![read_at_rest(services, id).await?];
    let mut shown = all(services, &loaded).await?;
    shown.pop().ok_or(UseCaseError::NoSubscription)
}

/// Several at once, in their order.
pub(super) async fn all(
    services: &Services,
    loaded: &[Loaded],
) -> Result<Vec<CustomerSubscription>, UseCaseError> {
    let now = services.now();
    let choices: Vec<_> = loaded
        .iter()
        .map(|loaded| cancel_choices(&loaded.world(services), now))
        .collect();
    let due: Vec<_> = choices
        .iter()
        .flatten()
        .filter_map(|it| it.now.as_deref())
        .flat_map(invoices)
        .collect();
    let paid = Charges::read(&*services.subscriptions, &due).await?;
    let all = loaded.iter().zip(&choices);
    Ok(all
        .map(|(loaded, choices)| {
            let cancel = choices.as_ref().map(|it| cancel_view(&paid, it));
            subscription(services, loaded, cancel)
        })
        .collect())
}

fn subscription(
    services: &Services,
    loaded: &Loaded,
    cancel: Option<CancelView>,
) -> CustomerSubscription {
    let now = services.now();
    let shown = shown(services, loaded);
    let subscription = &loaded.subscription;
    let state = &subscription.state;
    let lasts = !subscription.is_over();
    CustomerSubscription {
        id: subscription.id.to_string(),
        revision: subscription.revision,
        status: status(subscription.status),
        order_name: subscription.order_name.clone(),
        entitled: shown.entitled,
        price: price(state.terms()),
        next_charge: next_charge(&shown),
        owed: owed(services, loaded),
        trial_end: state.trial_end.filter(|end| now < *end).map(Millis::kst),
        cancel_at: state.cancel.filter(|_| lasts).map(|cancel| cancel.at.kst()),
        pause_at: state.pause.map(|pause| pause.at.kst()),
        resume_at: state
            .pause
            .and_then(|pause| pause.resume_at.map(Millis::kst)),
        ended_at: state.ended.as_ref().map(|ended| ended.at.kst()),
        refunding: !state.refunds.is_empty(),
        payment_method: loaded.method.as_ref().map(method),
        cancel,
        consent: consent_asked_for(services, loaded).map(|(needed, texts)| ConsentRequest {
            before: price(needed.before),
            after: price(needed.after),
            effective_at: needed.effective_at.kst(),
            ko: texts.ko,
            en: texts.en,
        }),
    }
}

fn next_charge(shown: &Shown) -> Option<NextCharge> {
    let (at, amount) = shown.next_charge.filter(|_| shown.owed.is_none())?;
    Some(NextCharge {
        at: at.kst(),
        amount: won(amount),
    })
}

fn owed(services: &Services, loaded: &Loaded) -> Option<Owed> {
    let invoice = loaded.invoice.as_ref()?;
    let now = services.now();
    let world = loaded.world(services);
    let retry = invoice.state.retry;
    let is_due = loaded.stop.until.is_none()
        && world.chargeable
        && retry.is_some_and(|retry| retry.at <= now);
    let is_open = loaded.charges.iter().any(|charge| charge.status.is_open());
    Some(Owed {
        amount: won(invoice.amount)?,
        since: loaded.subscription.state.past_due_since.map(Millis::kst),
        retry_at: retry
            .filter(|retry| now < retry.at)
            .map(|retry| retry.at.kst()),
        code: invoice.state.code.clone(),
        under_way: is_open || is_due || has_unhandled_outcome(&world, now),
        payable: commands::pay_now(&world, now).is_ok(),
    })
}

/// The consent that is asked for, and its sentence.
pub(super) fn consent_asked_for(
    services: &Services,
    loaded: &Loaded,
) -> Option<(Needed, ConsentTexts)> {
    let needed = commands::consent_asked_for(&loaded.world(services), services.now())?;
    let means = loaded.method.as_ref().map_or(Means::Registered, means);
    let without = services.rules.on_missing_consent;
    let texts = consent_texts(&loaded.subscription, &needed, means, without)?;
    Some((needed, texts))
}

/// A card or account as its owner knows it.
fn means(method: &PaymentMethod) -> Means<'_> {
    match (&method.display.card, &method.display.account) {
        (Some(card), _) => Means::Card(&card.number),
        (None, Some(account)) => Means::Account(&account.account_number),
        (None, None) => Means::Registered,
    }
}

fn method(method: &PaymentMethod) -> MethodDisplay {
    MethodDisplay {
        method: method.method,
        card: method.display.card.clone(),
        account: method.display.account.clone(),
        usable: is_chargeable(method),
    }
}

fn cancel_view(paid: &Charges, choices: &CancelChoices) -> CancelView {
    let now = choices.now.as_ref().map(|due| CancelNow {
        refund: refund(paid, due),
    });
    let period_end = choices.period_end.map(Millis::kst);
    // All of it went back already: who gets nothing loses by a cancel at once.
    let now = now.filter(|now| period_end.is_none() || now.refund.is_some());
    CancelView { period_end, now }
}

/// The invoices of which money is to go back.
pub(super) fn invoices(due: &[RefundDue]) -> Vec<InvoiceId> {
    due.iter().map(|due| due.invoice_id.clone()).collect()
}

/// What a cancel at once gives back. `paid`: the charges of its invoices.
pub(super) fn refund(paid: &Charges, due: &[RefundDue]) -> Option<Amount> {
    won(due.iter().map(|due| paid.still_held(due)).sum())
}

/// An invoice with what was paid and given back of it.
pub(super) fn invoice(invoice: &Invoice, charges: &Charges) -> CustomerInvoice {
    let took = || charges.of(&invoice.id).filter(|it| it.took_money());
    let refunded = took()
        .flat_map(Charged::refunds)
        .filter(|refund| refund.status == RefundStatus::Succeeded)
        .map(|refund| refund.amount.value())
        .sum();
    let payment = took().last().and_then(|it| it.payment);
    let receipt_url = payment.and_then(|payment| payment.details.receipt_url.clone());
    let midnight = |day: Day| day.at(std::time::Duration::ZERO).kst();
    CustomerInvoice {
        id: invoice.id.to_string(),
        status: match invoice.status {
            InvoiceStatus::Open => InvoiceView::Open,
            InvoiceStatus::Paid => InvoiceView::Paid,
            InvoiceStatus::Void => InvoiceView::Void,
            InvoiceStatus::Held => InvoiceView::Held,
            InvoiceStatus::Uncollectible => InvoiceView::Uncollectible,
        },
        amount: won(invoice.amount),
        period_start: midnight(invoice.state.period.start),
        period_end: midnight(invoice.state.period.end),
        paid_at: invoice.paid_at.map(Millis::kst),
        refunded: won(refunded),
        receipt_url,
    }
}

fn price(terms: Terms) -> Price {
    Price {
        amount: won(terms.price),
        unit: match terms.interval.unit {
            Unit::Day => Interval::Day,
            Unit::Week => Interval::Week,
            Unit::Month => Interval::Month,
            Unit::Year => Interval::Year,
        },
        count: terms.interval.count,
    }
}

fn status(status: SubscriptionStatus) -> StatusView {
    match status {
        SubscriptionStatus::Incomplete => StatusView::Incomplete,
        SubscriptionStatus::Trialing => StatusView::Trialing,
        SubscriptionStatus::Active => StatusView::Active,
        SubscriptionStatus::PastDue => StatusView::PastDue,
        SubscriptionStatus::Unpaid => StatusView::Unpaid,
        SubscriptionStatus::AwaitingConsent => StatusView::AwaitingConsent,
        SubscriptionStatus::Paused => StatusView::Paused,
        SubscriptionStatus::Canceled => StatusView::Canceled,
    }
}
