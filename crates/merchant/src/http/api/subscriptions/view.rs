//! A subscription as the merchant's server sees it.

use serde::Serialize;
use toss_checkout_contract::{Currency, CustomerKey, Method, Timestamp};
use utoipa::ToSchema;

use crate::{
    application::subscriptions::Shown,
    domain::{
        ids::{PaymentMethodId, SubscriptionId},
        payment_method::{PaymentMethod, PaymentMethodDisplay, PaymentMethodStatus},
        subscription::{
            SubscriptionStatus,
            calendar::{Day, Interval, Period},
            consent::{ConsentKind, Needed},
            price::Terms,
            state::{ChangeWhen, EndReason, Pending, Phase},
        },
        time::Millis,
    },
};

/// A sum of money, which may be zero.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Won)]
pub(super) struct Won {
    value: u64,
    currency: Currency,
}

impl Won {
    pub(super) fn of(value: u64) -> Self {
        Self {
            value,
            currency: Currency::Krw,
        }
    }
}

/// A price and how often it is charged.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Terms)]
pub(super) struct TermsView {
    amount: Won,
    interval: Interval,
}

impl From<Terms> for TermsView {
    fn from(terms: Terms) -> Self {
        Self {
            amount: Won::of(terms.price),
            interval: terms.interval,
        }
    }
}

/// When a change that was asked for happens: with the next period, or when its charge, which is under way,
/// is paid.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PendingWhen)]
enum PendingWhen {
    NextPeriod,
    WhenPaid,
}

/// A change that was asked for and has not happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PendingChange)]
struct PendingView {
    amount: Won,
    interval: Interval,
    when: PendingWhen,
}

impl From<&Pending> for PendingView {
    fn from(pending: &Pending) -> Self {
        Self {
            amount: Won::of(pending.terms.price),
            interval: pending.terms.interval,
            when: match pending.when {
                ChangeWhen::NextPeriod => PendingWhen::NextPeriod,
                ChangeWhen::Paid { .. } => PendingWhen::WhenPaid,
            },
        }
    }
}

/// The card or account that is charged.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionMethod)]
struct MethodView {
    id: PaymentMethodId,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Method>,
    status: PaymentMethodStatus,
    display: PaymentMethodDisplay,
}

impl From<&PaymentMethod> for MethodView {
    fn from(method: &PaymentMethod) -> Self {
        Self {
            id: method.id.clone(),
            method: method.method,
            status: method.status,
            display: method.display.clone(),
        }
    }
}

/// A consent that the next charge needs and that was not given.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConsentNeeded)]
struct NeededView {
    kind: ConsentKind,
    /// What was paid last; zero after a free time.
    before: TermsView,
    after: TermsView,
    /// When it is charged.
    effective_at: Timestamp,
}

impl From<&Needed> for NeededView {
    fn from(needed: &Needed) -> Self {
        Self {
            kind: needed.kind,
            before: needed.before.into(),
            after: needed.after.into(),
            effective_at: needed.effective_at.kst(),
        }
    }
}

/// A subscription.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Subscription)]
pub(super) struct SubscriptionView {
    pub(super) id: SubscriptionId,
    status: SubscriptionStatus,
    /// Whether the customer is to be given what they subscribed to. Decide by this, not by `status`: it
    /// follows the policy for overdue payments.
    entitled: bool,
    customer_key: CustomerKey,
    order_name: String,
    /// The regular price of a period.
    amount: Won,
    interval: Interval,
    /// Prices of the first periods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    phases: Vec<Phase>,
    /// The day from which periods are counted.
    anchor_date: Day,
    /// The end of the free time.
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_end: Option<Timestamp>,
    /// The period that was begun last, paid or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_period: Option<Period>,
    /// When something is charged next; absent when nothing is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_charge_at: Option<Timestamp>,
    /// How much that is, after credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_charge_amount: Option<Won>,
    /// What is owed and not paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    owed_amount: Option<Won>,
    /// What was charged for the period that was paid last, changes within it included.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_paid_amount: Option<Won>,
    /// What is taken off the next charges.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Won>,
    /// When what is owed was refused for the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    past_due_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<PendingView>,
    /// When it ends, or waits for the outcome of a charge to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_at: Option<Timestamp>,
    /// When the pause begins or began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pause_at: Option<Timestamp>,
    /// When it goes on by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    resume_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_reason: Option<EndReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<MethodView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_needed: Option<NeededView>,
    /// Why a human has to look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_attention: Option<String>,
    /// Grows with every change; for `If-Match`.
    revision: u64,
    created_at: Timestamp,
}

impl SubscriptionView {
    pub(super) fn of(shown: &Shown) -> Self {
        let subscription = &shown.subscription;
        let state = &subscription.state;
        let over = subscription.is_over();
        let cancel = state.cancel.filter(|_| !over);
        let last_paid = state.last_paid.as_ref();
        Self {
            id: subscription.id.clone(),
            status: subscription.status,
            entitled: shown.entitled,
            customer_key: subscription.customer_key.clone(),
            order_name: subscription.order_name.clone(),
            amount: Won::of(state.price),
            interval: state.schedule.interval,
            phases: state.phases.clone(),
            anchor_date: state.schedule.anchor,
            trial_end: state.trial_end.map(Millis::kst),
            current_period: state.period,
            next_charge_at: shown.next_charge.map(|(at, _)| at.kst()),
            next_charge_amount: shown.next_charge.map(|(_, amount)| Won::of(amount)),
            owed_amount: shown.owed.map(Won::of),
            last_paid_amount: last_paid
                .map(|paid| Won::of(paid.parts.iter().map(|part| part.amount).sum())),
            credit: (state.credit > 0).then(|| Won::of(state.credit)),
            past_due_since: state.past_due_since.map(Millis::kst),
            pending: state.pending.as_ref().map(Into::into),
            cancel_at: cancel.map(|cancel| cancel.at.kst()),
            pause_at: state.pause.map(|pause| pause.at.kst()),
            resume_at: state
                .pause
                .and_then(|pause| pause.resume_at.map(Millis::kst)),
            ended_at: state.ended.map(|ended| ended.at.kst()),
            end_reason: state.ended.map(|ended| ended.reason),
            payment_method: shown.method.as_ref().map(Into::into),
            consent_needed: shown.consent_needed.as_ref().map(Into::into),
            needs_attention: subscription.needs_attention.clone(),
            revision: subscription.revision,
            created_at: subscription.created_at.kst(),
        }
    }
}
