//! What answers say.

use serde::Serialize;
use serde_json::{Value, json};
use toss_checkout_contract::{CustomerKey, Timestamp};

use crate::{
    app_state::AppState,
    application::{error::UseCaseError, subscriptions::Shown},
    domain::{
        attempt::Attempt,
        ids::{InvoiceId, SubscriptionId},
        payment::Payment,
        payment_method::PaymentMethod,
        subscription::{
            SubscriptionStatus,
            calendar::{Day, Interval, Period},
            commands::Quote,
            consent::{ConsentRecord, Needed},
            invoice::{Invoice, InvoiceKind, InvoiceStatus},
            state::{Pending, Phase, Terms},
        },
        time::Millis,
    },
};

fn won(value: u64) -> Value {
    json!({"value": value, "currency": "KRW"})
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubscriptionView {
    pub(super) id: SubscriptionId,
    status: SubscriptionStatus,
    entitled: bool,
    customer_key: CustomerKey,
    order_name: String,
    amount: Value,
    interval: Interval,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    phases: Vec<Phase>,
    anchor_date: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_end: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_charge_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_charge_amount: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owed_amount: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_paid_amount: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    past_due_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pause_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resume_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_needed: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_attention: Option<String>,
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
            amount: won(state.price),
            interval: state.schedule.interval,
            phases: state.phases.clone(),
            anchor_date: state.schedule.anchor,
            trial_end: state.trial_end.map(Millis::kst),
            current_period: state.period,
            next_charge_at: shown.next_charge.map(|(at, _)| at.kst()),
            next_charge_amount: shown.next_charge.map(|(_, amount)| won(amount)),
            owed_amount: shown.owed.map(won),
            last_paid_amount: last_paid
                .map(|paid| won(paid.parts.iter().map(|part| part.amount).sum())),
            credit: (state.credit > 0).then(|| won(state.credit)),
            past_due_since: state.past_due_since.map(Millis::kst),
            pending: state.pending.as_ref().map(pending),
            cancel_at: cancel.map(|cancel| cancel.at.kst()),
            pause_at: state.pause.map(|pause| pause.at.kst()),
            resume_at: state
                .pause
                .and_then(|pause| pause.resume_at.map(Millis::kst)),
            ended_at: state.ended.as_ref().map(|ended| ended.at.kst()),
            end_reason: state.ended.as_ref().map(|ended| ended.reason.clone()),
            payment_method: shown.method.as_ref().map(method),
            consent_needed: shown.consent_needed.as_ref().map(needed),
            needs_attention: subscription.needs_attention.clone(),
            revision: subscription.revision,
            created_at: subscription.created_at.kst(),
        }
    }
}

fn terms(terms: Terms) -> Value {
    json!({"amount": won(terms.price), "interval": terms.interval})
}

fn pending(pending: &Pending) -> Value {
    let mut value = terms(pending.terms);
    value["when"] = match &pending.when {
        crate::domain::subscription::state::ChangeWhen::NextPeriod => json!("next_period"),
        crate::domain::subscription::state::ChangeWhen::Paid { .. } => json!("when_paid"),
    };
    value
}

fn method(method: &PaymentMethod) -> Value {
    json!({
        "id": method.id,
        "method": method.method,
        "status": method.status,
        "display": method.display,
    })
}

fn needed(needed: &Needed) -> Value {
    json!({
        "kind": needed.kind,
        "before": terms(needed.before),
        "after": terms(needed.after),
        "effectiveAt": needed.effective_at.kst(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subscriptions {
    pub(super) subscriptions: Vec<SubscriptionView>,
    /// For `after`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<SubscriptionId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct QuoteView {
    before: Value,
    after: Value,
    charge_now: Option<Value>,
    credit: Option<Value>,
    effective_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_period: Option<Period>,
    consent_required: bool,
}

impl QuoteView {
    pub(super) fn of(quote: &Quote) -> Self {
        Self {
            before: terms(quote.before),
            after: terms(quote.after),
            charge_now: (quote.charge_now > 0).then(|| won(quote.charge_now)),
            credit: (quote.credit > 0).then(|| won(quote.credit)),
            effective_at: quote.effective_at.kst(),
            new_period: quote.new_period,
            consent_required: quote.consent_required,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvoiceView {
    pub(super) id: InvoiceId,
    kind: InvoiceKind,
    period_no: u32,
    period_start: Day,
    period_end: Day,
    amount: Value,
    lines: Value,
    status: InvoiceStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_retry_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<Timestamp>,
    created_at: Timestamp,
    charges: Vec<Value>,
    refunds: Vec<Value>,
}

impl InvoiceView {
    /// Reads the charges and refunds of an invoice.
    pub(super) async fn read(state: &AppState, invoice: &Invoice) -> Result<Self, UseCaseError> {
        let attempts = state.subscriptions.attempts_of_invoice(&invoice.id).await?;
        let mut charges = Vec::with_capacity(attempts.len());
        let mut refunds = Vec::new();
        for attempt in &attempts {
            let payment = match &attempt.payment_id {
                Some(id) => state.records.payment(id).await?,
                None => None,
            };
            if let Some(payment) = &payment {
                for refund in state.records.refunds(&payment.id).await? {
                    refunds.push(json!({
                        "id": refund.id,
                        "amount": refund.amount,
                        "status": refund.status,
                        "reason": refund.details.reason,
                        "canceledAt": refund.details.canceled_at,
                    }));
                }
            }
            charges.push(charge(attempt, payment.as_ref()));
        }
        charges.reverse();
        let state = &invoice.state;
        Ok(Self {
            id: invoice.id.clone(),
            kind: invoice.kind,
            period_no: invoice.period_no,
            period_start: state.period.start,
            period_end: state.period.end,
            amount: won(invoice.amount),
            lines: json!(state.lines),
            status: invoice.status,
            reason: state.reason.clone(),
            next_retry_at: state.retry.map(|retry| retry.at.kst()),
            paid_at: invoice.paid_at.map(Millis::kst),
            created_at: invoice.created_at.kst(),
            charges,
            refunds,
        })
    }
}

fn charge(attempt: &Attempt, payment: Option<&Payment>) -> Value {
    let failure = attempt.failure.as_ref();
    let class = failure.and_then(|failure| crate::domain::decline::class_of(&failure.code));
    json!({
        "attemptNo": attempt.charge.as_ref().map(|charge| charge.no),
        "trigger": attempt.charge.as_ref().map(|charge| charge.trigger),
        "orderId": attempt.order_id,
        "status": attempt.status,
        "class": class,
        "code": failure.map(|failure| &failure.code),
        "message": failure.map(|failure| &failure.message),
        "paymentId": attempt.payment_id,
        "approvedAt": payment.and_then(|payment| payment.approved_at.map(Millis::kst)),
        "receiptUrl": payment.and_then(|payment| payment.details.receipt_url.clone()),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invoices {
    pub(super) invoices: Vec<InvoiceView>,
    /// For `after`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<InvoiceId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Consents {
    /// Whether every hash fits the one before it.
    chain_is_whole: bool,
    consents: Vec<Value>,
}

impl Consents {
    pub(super) fn of(chain: &[ConsentRecord], chain_is_whole: bool) -> Self {
        let consents = chain.iter().map(|consent| {
            json!({
                "id": consent.id,
                "subscriptionId": consent.subscription_id,
                "kind": consent.kind,
                "before": terms(consent.before),
                "after": terms(consent.after),
                "effectiveAt": consent.effective_at.kst(),
                "givenAt": consent.given_at.kst(),
                "textVersion": consent.text_version,
                "text": consent.text,
                "paymentMethod": consent.method_label,
                "channel": consent.channel,
                "prevHash": consent.prev_hash,
                "hash": consent.hash,
                "effectiveAtMillis": consent.effective_at,
                "givenAtMillis": consent.given_at,
            })
        });
        Self {
            chain_is_whole,
            consents: consents.collect(),
        }
    }
}
