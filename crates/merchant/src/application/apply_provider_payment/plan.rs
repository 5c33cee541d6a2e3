//! What follows from Toss's word for a payment and everything around it. Pure.

use toss_checkout_contract::Amount;

use super::{
    FOREIGN, ReportingAttempt, STILL_UNKNOWN,
    maker::{made, maker},
    next_look::next_look,
    payment_change,
    session_update::session_update,
};
use crate::{
    application::change::{AttemptUpdate, Change, RefundUpdate, Settlement},
    domain::{
        attempt::{Attempt, AttemptStatus},
        edit::Edit,
        event::{EventType, NewEvent},
        event_data::{about_payment, attention, payment_change as change_name},
        ids::{InvoiceId, PaymentId},
        names::{self, webhook_secret},
        payment::{Payment, PaymentDetails, PaymentStatus},
        payment_method::PaymentMethod,
        provider_payment::{ProviderPayment, WebhookSecret},
        refund::{Refund, RefundOrigin, RefundStatus},
        session::SessionRecord,
        time::Millis,
        transitions::{Money, balance, given_up, money, next_status, was_carried_out},
    },
    timing::Timing,
};

/// A payment with everything around it, as it was read.
pub(super) struct PaymentContext {
    pub(super) payment: Payment,
    pub(super) attempts: Vec<Attempt>,
    pub(super) refunds: Vec<Refund>,
    pub(super) session: Option<SessionRecord>,
    pub(super) method: Option<PaymentMethod>,
    /// The invoice that a refused charge was to pay, if it still waits for its money.
    pub(super) waits_for: Option<InvoiceId>,
}

/// What is to be written.
pub(super) struct Plan {
    new: Payment,
    attempt: Option<AttemptUpdate>,
    new_refunds: Vec<Refund>,
    refunds: Vec<RefundUpdate>,
    events: Vec<NewEvent>,
    account_closed: bool,
    nothing: bool,
}

impl Plan {
    pub(super) fn of(
        read: &PaymentContext,
        said: &ProviderPayment,
        secret: Option<&WebhookSecret>,
        reported_by: Option<&ReportingAttempt>,
        now: Millis,
    ) -> Self {
        let mut plan = Self {
            new: read.payment.clone(),
            attempt: None,
            new_refunds: Vec::new(),
            refunds: Vec::new(),
            events: Vec::new(),
            account_closed: said.account_closed,
            nothing: false,
        };
        let money = money(said);
        let Some(status) = next_status(read.payment.status, money) else {
            plan.nothing = true;
            return plan;
        };
        if status == PaymentStatus::Failed {
            plan.give_up(read, said, reported_by);
            return plan;
        }
        plan.describe(&read.payment, said, status, secret, now);
        plan.compare_card(read);
        plan.read_cancels(read, said, now);
        plan.settle(read, said, money);
        plan.new.revision += 1;
        plan.name_events(&read.payment);
        plan
    }

    /// Only of the payment that the attempt was about, and only by the word of its worker.
    fn give_up(
        &mut self,
        read: &PaymentContext,
        said: &ProviderPayment,
        reported_by: Option<&ReportingAttempt>,
    ) {
        let about = reported_by.and_then(|reported_by| {
            let attempt = read.attempts.iter().find(|a| a.id == reported_by.id)?;
            (attempt.is_open() && made(attempt, said)).then_some((attempt, reported_by))
        });
        let Some((attempt, reported_by)) = about else {
            self.nothing = true;
            return;
        };
        let failure = given_up(said);
        self.new.status = PaymentStatus::Failed;
        self.new.details = PaymentDetails {
            failure: Some(failure.shown()),
            ..PaymentDetails::default()
        };
        self.attempt = Some(AttemptUpdate::of(
            attempt,
            Some(reported_by.lease_no),
            Settlement::Declined(failure),
        ));
        self.new.revision += 1;
        self.name_events(&read.payment);
    }

    fn describe(
        &mut self,
        old: &Payment,
        said: &ProviderPayment,
        status: PaymentStatus,
        secret: Option<&WebhookSecret>,
        now: Millis,
    ) {
        let new = &mut self.new;
        new.status = status;
        new.balance = balance(status, said);
        new.payment_key = Some(said.payment_key.clone());
        if new.secret_digest.is_none() {
            new.secret_digest = secret.map(|secret| webhook_secret(&secret.0));
        }
        // While a deposit that the bank took back is owed again: when that was learnt.
        let reversed_at = match (old.status, status) {
            (PaymentStatus::Paid, PaymentStatus::WaitingForDeposit) => Some(now.kst()),
            (PaymentStatus::WaitingForDeposit, PaymentStatus::WaitingForDeposit) => {
                old.details.reversed_at.clone()
            }
            _ => None,
        };
        new.details = PaymentDetails {
            reversed_at,
            ..said.details.clone()
        };
        new.approved_at = said.approved_at;
        new.due_at = said.due_at.or(old.due_at);
        let answered = new
            .needs_attention
            .as_ref()
            .is_some_and(|reason| reason.starts_with(FOREIGN) || reason == STILL_UNKNOWN);
        if answered {
            new.needs_attention = None;
        }
    }

    /// A charge by another card than is registered here was made before: by a database that was since
    /// restored from a backup. The session shows the card that it registered, not the one that paid.
    fn compare_card(&mut self, read: &PaymentContext) {
        let registered = read.method.as_ref().and_then(|it| it.display.card.as_ref());
        let charged = self.new.details.card.as_ref();
        if let (Some(registered), Some(charged)) = (registered, charged)
            && registered.number != charged.number
            && self.new.needs_attention.is_none()
            && read.payment.payment_key.is_none()
        {
            self.new.needs_attention = Some(format!(
                "Toss charged {} for this order, and {} is registered: it was paid before, \
                 perhaps before a backup was restored",
                charged.number, registered.number
            ));
        }
    }

    /// Cancels that nobody here has heard of, and those that ours were waiting for.
    fn read_cancels(&mut self, read: &PaymentContext, said: &ProviderPayment, now: Millis) {
        let known = |key: &str| {
            let of = |refund: &Refund| refund.transaction_key.as_deref() == Some(key);
            read.refunds.iter().any(of)
        };
        let pending = read
            .refunds
            .iter()
            .find(|refund| refund.status == RefundStatus::Pending);
        let ours = pending.and_then(|refund| {
            let cancel = said.cancel_of(refund, &read.refunds)?;
            Some((refund, cancel))
        });
        if let Some((refund, cancel)) = ours {
            self.refunds.push(RefundUpdate {
                id: refund.id.clone(),
                status: RefundStatus::Succeeded,
                transaction_key: Some(cancel.transaction_key.clone()),
                details: cancel.details.clone(),
            });
            let attempt = read.attempts.iter().find(|attempt| {
                attempt.refund_id.as_ref() == Some(&refund.id) && attempt.is_open()
            });
            self.attempt = attempt.map(succeeded);
        }
        for cancel in &said.cancels {
            let is_ours = ours.is_some_and(|(_, ours)| ours == cancel);
            if is_ours || known(&cancel.transaction_key) {
                continue;
            }
            let amount = Amount::new(cancel.amount, read.payment.amount.currency());
            if let (Ok(amount), true) = (amount, cancel.done) {
                self.new_refunds
                    .push(found(&read.payment, cancel, amount, now));
            }
        }
    }

    fn settle(&mut self, read: &PaymentContext, said: &ProviderPayment, money: Money) {
        if !was_carried_out(money) || self.attempt.is_some() {
            return;
        }
        let Some(attempt) = maker(&read.attempts, said) else {
            return;
        };
        if attempt.is_open() {
            self.attempt = Some(succeeded(attempt));
            // What it was set aside for is answered.
            if self.new.needs_attention == attempt.needs_attention {
                self.new.needs_attention = None;
            }
        } else if attempt.status == AttemptStatus::Declined {
            let pays = attempt.charge.as_ref().map(|charge| &charge.invoice_id);
            if pays.is_some() && pays == read.waits_for.as_ref() {
                let settlement = Settlement::PaysAfterAll;
                self.attempt = Some(AttemptUpdate::of(attempt, None, settlement));
                return;
            }
            self.attempt = Some(AttemptUpdate::of(attempt, None, Settlement::Surplus));
            self.new.needs_attention =
                Some("it was refused, and Toss has carried it out all the same".to_owned());
        }
    }

    fn name_events(&mut self, old: &Payment) {
        let surplus = matches!(
            self.attempt,
            Some(AttemptUpdate {
                settlement: Settlement::Surplus,
                ..
            })
        );
        if let Some(kind) = change_name(old, &self.new) {
            self.events.push(about_payment(kind, &self.new));
        }
        if surplus {
            self.events
                .push(about_payment(EventType::PaymentSurplus, &self.new));
        }
        if let Some(reason) = &self.new.needs_attention
            && old.needs_attention.as_ref() != Some(reason)
        {
            let event = attention(&self.new, reason);
            self.events.push(event);
        }
    }

    /// `None`: nothing would change.
    pub(super) fn change(
        self,
        read: &PaymentContext,
        timing: &Timing,
        now: Millis,
    ) -> Option<Change> {
        if self.nothing {
            return None;
        }
        let mut change = payment_change(&read.payment, &self.new);
        let update = change.payment.as_mut()?;
        let same = update.patch.is_empty()
            && self.attempt.is_none()
            && self.new_refunds.is_empty()
            && self.refunds.is_empty();
        if same {
            return None;
        }
        update.patch.next_action_at =
            Edit::from(next_look(&self.new, self.account_closed, timing, now));
        change.session = read
            .session
            .as_ref()
            .and_then(|session| session_update(session, &self.new, read.method.as_ref()));
        change.attempt = self.attempt;
        change.new_refunds = self.new_refunds;
        change.refunds = self.refunds;
        change.events = self.events;
        Some(change)
    }
}

fn succeeded(attempt: &Attempt) -> AttemptUpdate {
    AttemptUpdate::of(attempt, None, Settlement::Succeeded)
}

fn found(
    payment: &Payment,
    cancel: &crate::domain::provider_payment::ProviderCancel,
    amount: toss_checkout_contract::Amount,
    now: Millis,
) -> Refund {
    let id: &PaymentId = &payment.id;
    Refund {
        id: names::refund_at_toss(id, &cancel.transaction_key),
        payment_id: id.clone(),
        shop_id: payment.shop_id.clone(),
        request_key: None,
        amount,
        expected_balance: None,
        status: RefundStatus::Succeeded,
        origin: RefundOrigin::Toss,
        transaction_key: Some(cancel.transaction_key.clone()),
        sealed_account: None,
        details: cancel.details.clone(),
        created_at: now,
    }
}
