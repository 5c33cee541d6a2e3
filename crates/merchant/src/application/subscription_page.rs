//! What a customer sees of their subscriptions on their page, and does there. A link opens those of one
//! customer; every other is unknown to it.

mod view;

use std::sync::Arc;

use toss_checkout_contract::{
    CancelAt, CancelRequest, ConsentAnswer, CustomerInvoices, CustomerSubscription,
    CustomerSubscriptions, Locale, SessionId,
};

use super::{
    customer_links::StoredLink,
    error::UseCaseError,
    ports::Page,
    replace_method,
    services::Services,
    subscription_records::SubscriptionFilter,
    subscriptions::{
        self, Asked, Charges, GivenText, cancel_subscription, give_consent, pay_subscription,
        read_all_at_rest, uncancel_subscription,
    },
    trusted_clock,
};
use crate::domain::{
    ids::{InvoiceId, SubscriptionId},
    subscription::{
        Subscription,
        commands::At,
        consent::{Device, Needed},
        consent_text::consent_texts,
        customer::{CancelChoices, cancel_choices},
        state::CancelRefund,
    },
};

/// A customer has one or two; those of years fit.
const MOST: u64 = 50;
const INVOICES: u64 = 12;
/// Where a consent was given.
const CHANNEL: &str = "subscription_page";

/// A command of a subscription that the link opens, in the state in which the customer saw it.
async fn asked(
    services: &Services,
    link: &StoredLink,
    id: &SubscriptionId,
    revision: u64,
) -> Result<Asked, UseCaseError> {
    let subscription = opened(services, link, id).await?;
    Ok(Asked {
        id: subscription.id,
        revision: Some(revision),
        request: None,
    })
}

/// The subscription, if the link opens it.
async fn opened(
    services: &Services,
    link: &StoredLink,
    id: &SubscriptionId,
) -> Result<Subscription, UseCaseError> {
    let opens = link.subscription_id.as_ref().is_none_or(|only| only == id);
    let found = if opens {
        services.subscriptions.subscription(id).await?
    } else {
        None
    };
    found
        .filter(|subscription| subscription.customer_key == link.customer_key)
        .ok_or(UseCaseError::NoSubscription)
}

/// Everything that the link opens. `test_mode`: no money moves.
///
/// # Errors
/// The records fail.
pub async fn customer_subscriptions(
    services: &Services,
    link: &StoredLink,
    test_mode: bool,
) -> Result<CustomerSubscriptions, UseCaseError> {
    let loaded = read_all_at_rest(services, || of_link(services, link)).await?;
    let mut subscriptions = view::all(services, &loaded).await?;
    // Stable: newest first among those that are over and those that are not.
    subscriptions.sort_by_key(|subscription| subscription.ended_at.is_some());
    Ok(CustomerSubscriptions {
        subscriptions,
        now: services.now().kst(),
        expires_at: link.expires_at.kst(),
        test_mode,
        return_url: link.return_url.clone(),
    })
}

/// What the link opens.
async fn of_link(
    services: &Services,
    link: &StoredLink,
) -> Result<Vec<Subscription>, UseCaseError> {
    if let Some(id) = &link.subscription_id {
        return Ok(vec![opened(services, link, id).await?]);
    }
    let filter = SubscriptionFilter {
        customer_key: Some(link.customer_key.clone()),
        status: None,
        needs_attention: false,
    };
    let page = Page {
        limit: MOST,
        before: None,
    };
    let rows = services.subscriptions.subscriptions(page, &filter).await?;
    let readable = rows.into_iter().filter_map(|row| {
        row.row
            .inspect_err(|error| tracing::error!(%error, "left out of a customer's page"))
            .ok()
    });
    Ok(readable.collect())
}

/// Payments of a subscription, newest first. `after`: the last one of the page before.
///
/// # Errors
/// The link does not open it.
pub async fn customer_invoices(
    services: &Services,
    link: &StoredLink,
    id: &SubscriptionId,
    after: Option<InvoiceId>,
) -> Result<CustomerInvoices, UseCaseError> {
    let subscription = opened(services, link, id).await?;
    let before = match after {
        Some(id) => {
            let cursor = services.subscriptions.invoice_cursor(&id).await?;
            let unknown =
                || UseCaseError::Invalid(format!("after: no payment has the name '{id}'"));
            Some(cursor.ok_or_else(unknown)?)
        }
        None => None,
    };
    let page = Page {
        limit: INVOICES + 1,
        before,
    };
    let records = &services.subscriptions;
    let mut rows = records.invoices(&subscription.id, page).await?;
    let more = rows.len() as u64 > INVOICES;
    if more {
        rows.pop();
    }
    let readable = rows.into_iter().filter_map(|row| {
        row.row
            .inspect_err(|error| tracing::error!(%error, "left out of a customer's page"))
            .ok()
    });
    let rows: Vec<_> = readable.collect();
    let ids: Vec<_> = rows.iter().map(|invoice| invoice.id.clone()).collect();
    let charges = Charges::read(&**records, &ids).await?;
    let invoices: Vec<_> = rows
        .iter()
        .map(|invoice| view::invoice(invoice, &charges))
        .collect();
    let next = invoices.last().filter(|_| more).map(|it| it.id.clone());
    Ok(CustomerInvoices { invoices, next })
}

/// Ends it, as the shop lets customers choose, and gives back what the customer was shown.
///
/// # Errors
/// It is over, or something else would be given back than the customer was shown.
pub async fn cancel(
    services: &Arc<Services>,
    link: &StoredLink,
    id: &SubscriptionId,
    request: &CancelRequest,
) -> Result<CustomerSubscription, UseCaseError> {
    let asked = asked(services, link, id, request.revision).await?;
    let loaded = subscriptions::read(services, &asked).await?;
    let now = trusted_clock::read(services, &loaded.subscription.shop_id)
        .await?
        .now;
    let choices = cancel_choices(&loaded.world(services), now);
    let choices = choices
        .ok_or_else(|| UseCaseError::Conflict("the subscription is canceled already".to_owned()))?;
    let (at, refund) = chosen(services, &choices, request).await?;
    cancel_subscription(services, &asked, at, refund).await?;
    view::read(services, id).await
}

async fn chosen(
    services: &Services,
    choices: &CancelChoices,
    request: &CancelRequest,
) -> Result<(At, CancelRefund), UseCaseError> {
    match (request.at, choices.period_end, &choices.now) {
        (CancelAt::PeriodEnd, Some(_), _) => Ok((At::PeriodEnd, CancelRefund::None)),
        (CancelAt::Now, _, Some(due)) => {
            let paid = Charges::read(&*services.subscriptions, &view::invoices(due)).await?;
            if view::refund(&paid, due) == request.refund {
                Ok((At::Now, choices.refund()))
            } else {
                Err(UseCaseError::Conflict(
                    "another sum would be given back than the customer was shown; show it again"
                        .to_owned(),
                ))
            }
        }
        _ => Err(UseCaseError::Conflict(
            "the subscription cannot be canceled so; read it again".to_owned(),
        )),
    }
}

/// Takes a cancel back that has not happened.
///
/// # Errors
/// There is none.
pub async fn uncancel(
    services: &Arc<Services>,
    link: &StoredLink,
    id: &SubscriptionId,
    revision: u64,
) -> Result<CustomerSubscription, UseCaseError> {
    let asked = asked(services, link, id, revision).await?;
    uncancel_subscription(services, &asked).await?;
    view::read(services, id).await
}

/// Charges what is owed now.
///
/// # Errors
/// Nothing is owed, or a charge is under way.
pub async fn pay(
    services: &Arc<Services>,
    link: &StoredLink,
    id: &SubscriptionId,
    revision: u64,
) -> Result<CustomerSubscription, UseCaseError> {
    let asked = asked(services, link, id, revision).await?;
    pay_subscription(services, &asked).await?;
    view::read(services, id).await
}

/// The customer agrees to what is asked for, by the sentence that they were shown.
///
/// # Errors
/// Nothing is asked for, or the sentence is another one.
pub async fn agree(
    services: &Arc<Services>,
    link: &StoredLink,
    id: &SubscriptionId,
    answer: &ConsentAnswer,
    device: Device,
) -> Result<CustomerSubscription, UseCaseError> {
    let asked = asked(services, link, id, answer.revision).await?;
    let needed = sentence(services, &asked, answer).await?;
    let given = GivenText {
        text_version: answer.consent.version.as_str().to_owned(),
        text: answer.consent.text.as_str().to_owned(),
        channel: CHANNEL.to_owned(),
        device,
    };
    give_consent(services, &asked, needed.kind, needed.effective_at, &given).await?;
    view::read(services, id).await
}

/// What the sentence is about, if it is one of those that the page shows now.
async fn sentence(
    services: &Services,
    asked: &Asked,
    answer: &ConsentAnswer,
) -> Result<Needed, UseCaseError> {
    let loaded = subscriptions::read(services, asked).await?;
    let (needed, texts) = view::consent_asked_for(services, &loaded).ok_or_else(|| {
        UseCaseError::Conflict("no consent is asked for; read it again".to_owned())
    })?;
    if [&texts.ko, &texts.en].contains(&&answer.consent) {
        Ok(needed)
    } else {
        Err(UseCaseError::Conflict(
            "the sentence is not the one that is asked for; show the customer the new one"
                .to_owned(),
        ))
    }
}

/// A checkout in which the customer registers another card or account for the subscription.
///
/// # Errors
/// It is over.
pub async fn register_another(
    services: &Services,
    link: &StoredLink,
    id: &SubscriptionId,
    return_url: String,
    locale: Option<Locale>,
) -> Result<SessionId, UseCaseError> {
    let subscription = opened(services, link, id).await?;
    replace_method::create(services, &subscription, return_url, locale).await
}
