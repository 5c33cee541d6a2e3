//! A subscription in a world of its own: invoices, charges and consents in memory, a clock that jumps from
//! one due time to the next, and a card that says what the test wants.

mod commands;
mod dunning;
mod edges;
mod histories;
mod life;
mod seen;

use std::{collections::BTreeMap, time::Duration};

use toss_checkout_contract::{Customer, CustomerKey, FailureCode};

use super::*;
use crate::domain::{
    attempt::AttemptStatus,
    ids::{ConsentId, PaymentMethodId, ShopId, SubscriptionId},
    subscription::{
        SubscriptionState, SubscriptionStatus,
        calendar::{Day, Interval, Period, Schedule, Unit},
        commands::Refusal,
        consent::Device,
        create::{Draft, Start},
        evidence,
        invoice::{InvoiceKind, InvoiceState, InvoiceStatus},
        price::Terms,
    },
    work::Work,
};

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Millis {
    Millis::from_toss(text).unwrap()
}

pub(crate) fn monthly() -> Interval {
    Interval {
        unit: Unit::Month,
        count: 1,
    }
}

/// One that begins on 31 January 2027 at 09:00 and costs 9,900 won a month.
pub(crate) fn subscription() -> Subscription {
    let created_at = at("2027-01-31T12:00:00");
    Subscription {
        id: SubscriptionId::new("sub_0000000000000000000001"),
        shop_id: ShopId::new("shop_default"),
        customer_key: CustomerKey::new("3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11").unwrap(),
        payment_method_id: PaymentMethodId::new("pm_1"),
        status: SubscriptionStatus::Incomplete,
        revision: 1,
        order_name: "토스 프라임 구독".to_owned(),
        state: SubscriptionState {
            customer: Customer::default(),
            schedule: Schedule {
                anchor: day("2027-01-31"),
                interval: monthly(),
                first_no: 1,
            },
            price: 9_900,
            phases: Vec::new(),
            phases_from: 1,
            next_no: 1,
            period: None,
            last_paid: None,
            free: false,
            credit: 0,
            trial_end: None,
            at_once: Some(created_at),
            rest_from: None,
            activated_at: None,
            pending: None,
            cancel: None,
            pause: None,
            past_due_since: None,
            access_ended: false,
            awaiting_since: None,
            asked_for_method: false,
            refunds: Vec::new(),
            told: Vec::new(),
            ended: None,
            last_request: None,
            shown_since: Some(1),
        },
        created_at,
        work: Work::default(),
        needs_attention: None,
    }
}

/// One that would begin like [`subscription`].
pub(crate) fn draft() -> Draft {
    let like = subscription();
    Draft {
        id: like.id,
        shop_id: like.shop_id,
        customer_key: like.customer_key,
        payment_method_id: like.payment_method_id,
        minimum: 100,
        order_name: like.order_name,
        customer: Customer::default(),
        price: 9_900,
        interval: monthly(),
        phases: Vec::new(),
        anchor: None,
        trial_end: None,
        start: Start::Anchor,
    }
}

pub(crate) fn open_invoice(subscription: &str, no: u32) -> Invoice {
    Invoice {
        id: InvoiceId::new("inv_1"),
        subscription_id: SubscriptionId::new(subscription),
        kind: InvoiceKind::Period,
        period_no: no,
        request_key: None,
        amount: 9_900,
        status: InvoiceStatus::Open,
        state: InvoiceState {
            period: Period {
                no,
                start: day("2027-01-31"),
                end: day("2027-02-28"),
            },
            price: 9_900,
            lines: Vec::new(),
            seen: 0,
            retry: None,
            held_since: None,
            class: None,
            code: None,
            reason: None,
            credit_used: 0,
        },
        created_at: Millis(0),
        paid_at: None,
    }
}

/// How many steps may be due at one moment. The longest history has a missed period for each day of ten years.
const STEPS: usize = 4_000;

/// What the card says, in this order; then it pays.
type Answers = Vec<Answer>;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Answer {
    Pays,
    Says(&'static str),
    /// Nobody knows until the test says so.
    Unknown,
}

pub(crate) struct Sim {
    pub(crate) now: Millis,
    pub(crate) subscription: Subscription,
    pub(crate) invoices: BTreeMap<String, Invoice>,
    pub(crate) charges: Vec<(InvoiceId, Charge, u64, Millis)>,
    pub(crate) consents: Vec<ConsentRecord>,
    pub(crate) events: Vec<(Millis, EventType)>,
    pub(crate) refunds: Vec<RefundDue>,
    pub(crate) rules: SubscriptionRules,
    pub(crate) chargeable: bool,
    pub(crate) stopped_until: Option<Millis>,
    pub(crate) resumed_at: Option<Millis>,
    pub(crate) answers: Answers,
    /// Whether it began with a free time.
    pub(crate) free_at_first: bool,
    /// What periods and changes were paid, in order, and whether they were free.
    pub(crate) periods: Vec<(Terms, bool)>,
}

impl Sim {
    pub(crate) fn new() -> Self {
        Self::with(subscription())
    }

    pub(crate) fn with(subscription: Subscription) -> Self {
        let mut rules = SubscriptionRules::default();
        // Everybody at nine.
        rules.hours.to = rules.hours.from;
        Self {
            now: subscription.created_at,
            subscription,
            invoices: BTreeMap::new(),
            charges: Vec::new(),
            consents: Vec::new(),
            events: Vec::new(),
            refunds: Vec::new(),
            rules,
            chargeable: true,
            stopped_until: None,
            resumed_at: None,
            answers: Vec::new(),
            free_at_first: false,
            periods: Vec::new(),
        }
    }

    /// Free until then, then 9,900 won a month from the day on which it ends.
    pub(crate) fn trial(end: &str) -> Self {
        let mut subscription = subscription();
        subscription.status = SubscriptionStatus::Trialing;
        subscription.state.trial_end = Some(at(end));
        subscription.state.free = true;
        subscription.state.at_once = None;
        subscription.state.schedule.anchor = Day::of(at(end));
        Self {
            free_at_first: true,
            ..Self::with(subscription)
        }
    }

    pub(crate) fn answer(mut self, answers: &[Answer]) -> Self {
        self.answers = answers.iter().rev().copied().collect();
        self
    }

    fn owed(&self) -> Option<Invoice> {
        let open: Vec<_> = self.invoices.values().filter(|it| it.is_open()).collect();
        assert!(open.len() <= 1, "two invoices are owed: {open:?}");
        open.first().copied().cloned()
    }

    pub(crate) fn ask<T>(&self, question: impl FnOnce(&World<'_>) -> T) -> T {
        let invoice = self.owed();
        let charges: Vec<Charge> = self
            .charges
            .iter()
            .filter(|(id, ..)| invoice.as_ref().is_some_and(|invoice| invoice.id == *id))
            .map(|(_, charge, ..)| charge.clone())
            .collect();
        question(&World {
            subscription: &self.subscription,
            invoice: invoice.as_ref(),
            charges: &charges,
            chargeable: self.chargeable,
            minimum: 100,
            consents: &self.consents,
            stopped_until: self.stopped_until,
            resumed_at: self.resumed_at,
            rules: &self.rules,
        })
    }

    fn apply(&mut self, step: Step) {
        assert_eq!(step.subscription.revision, self.subscription.revision + 1);
        let step = self.ask(|world| step.noted(world));
        self.subscription = step.subscription;
        for invoice in step.invoice.iter().chain(&step.new_invoice) {
            if invoice.status == InvoiceStatus::Paid {
                let terms = Terms {
                    price: invoice.state.price,
                    interval: self.subscription.state.schedule.interval,
                };
                self.periods.push((terms, invoice.state.price == 0));
            }
        }
        if let Some(invoice) = step.invoice {
            self.invoices.insert(invoice.id.to_string(), invoice);
        }
        if let Some(invoice) = step.new_invoice {
            let twice = self.invoices.insert(invoice.id.to_string(), invoice);
            assert!(twice.is_none(), "index A: {twice:?}");
        }
        self.events
            .extend(step.events.iter().map(|event| (self.now, event.kind)));
        if let Some(charge) = step.charge {
            self.send(charge);
        }
    }

    fn send(&mut self, new: NewCharge) {
        let taken = self.charges.iter().any(|(id, charge, ..)| {
            *id == new.invoice_id && (charge.took_money() || charge.status.is_open())
        });
        assert!(!taken, "index B: {new:?}");
        assert!(
            self.charges
                .iter()
                .all(|(_, charge, ..)| charge.order_id.as_ref() != Some(&new.order_id))
        );
        let answer = self.answers.pop().unwrap_or(Answer::Pays);
        let charge = Charge {
            no: new.no,
            trigger: new.trigger,
            order_id: Some(new.order_id),
            status: match answer {
                Answer::Pays => AttemptStatus::Succeeded,
                Answer::Says(_) => AttemptStatus::Declined,
                Answer::Unknown => AttemptStatus::Unknown,
            },
            code: match answer {
                Answer::Says(code) => Some(FailureCode::from(code)),
                _ => None,
            },
            settled_at: (answer != Answer::Unknown).then_some(self.now),
        };
        self.charges
            .push((new.invoice_id, charge, new.amount, self.now));
    }

    /// What came of the charge that nobody knew of.
    pub(crate) fn settle(&mut self, answer: Answer) {
        let now = self.now;
        let (_, charge, ..) = self.charges.last_mut().unwrap();
        assert_eq!(charge.status, AttemptStatus::Unknown);
        charge.settled_at = Some(now);
        charge.status = AttemptStatus::Succeeded;
        if let Answer::Says(code) = answer {
            charge.status = AttemptStatus::Declined;
            charge.code = Some(code.into());
        }
    }

    /// Does everything that is due now.
    pub(crate) fn run(&mut self) -> Next {
        for _ in 0..STEPS {
            let now = self.now;
            match self.ask(|world| next(world, now)) {
                Next::Do(step) => self.apply(*step),
                Next::Refund(refund) => {
                    self.refunds.push(refund.clone());
                    let step = self.ask(|world| steps::refunded(world, &refund, None));
                    self.apply(step);
                }
                idle => return idle,
            }
        }
        panic!("it never comes to rest: {:?}", self.events);
    }

    /// Lets time pass, and looks exactly when something is due.
    pub(crate) fn until(&mut self, end: Millis) -> &mut Self {
        loop {
            match self.run() {
                Next::At(due) if due <= end => {
                    assert!(due > self.now, "due in the past");
                    self.now = due;
                }
                _ => break,
            }
        }
        self.now = self.now.max(end);
        self
    }

    pub(crate) fn until_text(&mut self, end: &str) -> &mut Self {
        self.until(at(end))
    }

    /// Nobody looks until then.
    pub(crate) fn sleep_until(&mut self, end: &str) -> &mut Self {
        self.now = at(end);
        self.run();
        self
    }

    pub(crate) fn command(
        &mut self,
        command: impl FnOnce(&World<'_>, Millis) -> Result<Step, Refusal>,
    ) -> Result<(), Refusal> {
        let now = self.now;
        let step = self.ask(|world| command(world, now))?;
        self.apply(step);
        self.run();
        Ok(())
    }

    /// The customer agrees to what is asked for.
    pub(crate) fn agree(&mut self) {
        let now = self.now;
        let needed = self
            .ask(|world| crate::domain::subscription::commands::consent_asked_for(world, now))
            .expect("a consent is asked for");
        self.agree_to(&needed);
    }

    pub(crate) fn agree_to(&mut self, needed: &crate::domain::subscription::consent::Needed) {
        let mut consent = ConsentRecord {
            id: ConsentId::new(format!("con_{}", self.consents.len())),
            subscription_id: self.subscription.id.clone(),
            customer_key: self.subscription.customer_key.clone(),
            kind: needed.kind,
            before: needed.before,
            after: needed.after,
            effective_at: needed.effective_at.max(self.now),
            text_version: "1".to_owned(),
            text: "동의합니다".to_owned(),
            method_label: "현대".to_owned(),
            channel: "web".to_owned(),
            device: Device::default(),
            given_at: self.now,
            prev_hash: self
                .consents
                .last()
                .map_or(evidence::FIRST, |it| &it.hash)
                .to_owned(),
            hash: String::new(),
        };
        consent.hash = evidence::hash(&consent);
        self.consents.push(consent);
        self.run();
    }

    /// When which sums were asked of the card, in Korean time without seconds.
    pub(crate) fn asked(&self) -> Vec<(String, u64)> {
        let asked = self.charges.iter();
        asked
            .map(|(_, _, amount, at)| (minute(*at), *amount))
            .collect()
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.events
            .iter()
            .map(|(_, kind)| kind.to_string())
            .collect()
    }

    pub(crate) fn entitled(&self) -> bool {
        self.subscription.is_entitled()
    }

    pub(crate) fn status(&self) -> &'static str {
        self.subscription.status.as_str()
    }

    pub(crate) fn next_at(&mut self) -> String {
        match self.run() {
            Next::At(at) => minute(at),
            other => format!("{other:?}"),
        }
    }
}

pub(crate) fn minute(moment: Millis) -> String {
    moment.kst().as_str()[..16].to_owned()
}
