//! Which faults wait, and which requests they apply to.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{Endpoint, Fault, FaultError};
use crate::{event_type::EventType, sync::lock};

/// An order with its own chance.
#[derive(Debug)]
struct Order {
    fault: Fault,
    chance: StdRng,
}

impl Order {
    /// Whether it applies to this request.
    fn applies_to(&mut self, on: Occasion) -> bool {
        let fault = &self.fault;
        fault.endpoint == on.endpoint
            && (fault.event.is_none() || fault.event == on.event)
            && (fault.target.is_none() || fault.target == on.target)
            && match self.fault.probability {
                None => true,
                Some(probability) => self.chance.random_bool(probability),
            }
    }

    /// Takes one off. False when none are left.
    fn goes_on(&mut self) -> bool {
        let count = self.fault.count;
        let left = match (count, self.fault.probability) {
            (None, Some(_)) => return true,
            (None, None) => 0,
            (Some(count), _) => count - 1,
        };
        self.fault.count = Some(left);
        left > 0
    }
}

/// What a fault could apply to.
#[derive(Clone, Copy)]
struct Occasion {
    endpoint: Endpoint,
    /// Of webhooks.
    event: Option<EventType>,
    /// The number of the registration that a webhook goes to.
    target: Option<u64>,
}

/// The orders that are left, for everybody. Clones are the same list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<Orders>>);

impl Faults {
    /// Adds an order.
    ///
    /// # Errors
    /// The fault cannot be so, or there are too many.
    pub(crate) fn add(&self, fault: Fault) -> Result<(), FaultError> {
        lock(&self.0).add(fault)
    }

    /// The oldest order that applies to this request, with one count taken off.
    pub(crate) fn take(&self, endpoint: Endpoint) -> Option<Fault> {
        lock(&self.0).take(Occasion {
            endpoint,
            event: None,
            target: None,
        })
    }

    /// The same for a webhook of this event to this registration.
    pub(crate) fn take_webhook(&self, event: EventType, target: u64) -> Option<Fault> {
        lock(&self.0).take(Occasion {
            endpoint: Endpoint::Webhook,
            event: Some(event),
            target: Some(target),
        })
    }

    /// Withdraws all orders.
    pub(crate) fn clear(&self) {
        lock(&self.0).0.clear();
    }

    /// The orders that are left, oldest first.
    pub(crate) fn list(&self) -> Vec<Fault> {
        let orders = lock(&self.0);
        orders.0.iter().map(|order| order.fault.clone()).collect()
    }
}

/// Oldest first.
#[derive(Debug, Default)]
struct Orders(VecDeque<Order>);

impl Orders {
    /// The most orders that are kept.
    const MAX: usize = 100;

    fn add(&mut self, fault: Fault) -> Result<(), FaultError> {
        fault.check()?;
        if self.0.len() >= Self::MAX {
            return Err(FaultError::TooMany(Self::MAX));
        }
        let chance = StdRng::seed_from_u64(fault.seed.unwrap_or(0));
        self.0.push_back(Order { fault, chance });
        Ok(())
    }

    fn take(&mut self, on: Occasion) -> Option<Fault> {
        let at = self.0.iter_mut().position(|order| order.applies_to(on))?;
        let order = self.0.get_mut(at)?;
        let goes_on = order.goes_on();
        let taken = order.fault.clone();
        if !goes_on {
            self.0.remove(at);
        }
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::FaultKind, *};

    fn read(json: &str) -> Fault {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn each_order_is_used_up_in_turn() {
        let faults = Faults::default();
        faults
            .add(read(
                r#"{"endpoint":"confirm","kind":"lost_response","count":2}"#,
            ))
            .unwrap();
        faults
            .add(read(r#"{"endpoint":"confirm","kind":"reset"}"#))
            .unwrap();
        assert!(faults.take(Endpoint::Issue).is_none());
        let kinds: Vec<_> = std::iter::from_fn(|| faults.take(Endpoint::Confirm))
            .map(|fault| fault.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                FaultKind::LostResponse,
                FaultKind::LostResponse,
                FaultKind::Reset
            ]
        );
    }

    #[test]
    fn chance_repeats_with_its_seed_and_leaves_the_rest_alone() {
        let play = |seed: u64| -> Vec<bool> {
            let faults = Faults::default();
            let json = format!(
                r#"{{"endpoint":"confirm","kind":"reset","probability":0.3,"seed":{seed}}}"#
            );
            faults.add(read(&json)).unwrap();
            (0..200)
                .map(|_| faults.take(Endpoint::Confirm).is_some())
                .collect()
        };
        assert_eq!(play(1), play(1));
        assert_ne!(play(1), play(2));
        let applied = play(1).into_iter().filter(|applied| *applied).count();
        assert!((30..90).contains(&applied), "{applied}");
    }

    #[test]
    fn a_fault_of_webhooks_may_be_aimed() {
        let faults = Faults::default();
        let json = r#"{"endpoint":"webhook","kind":"lost","event":"DEPOSIT_CALLBACK","target":2}"#;
        faults.add(read(json)).unwrap();
        let changed = EventType::PaymentStatusChanged;
        assert!(faults.take_webhook(changed, 2).is_none());
        assert!(faults.take_webhook(EventType::DepositCallback, 1).is_none());
        assert!(faults.take_webhook(EventType::DepositCallback, 2).is_some());
        assert!(faults.take_webhook(EventType::DepositCallback, 2).is_none());
    }

    #[test]
    fn a_chance_may_have_an_end() {
        let faults = Faults::default();
        let json = r#"{"endpoint":"lookup","kind":"reset","probability":0.5,"count":3}"#;
        faults.add(read(json)).unwrap();
        let applied = (0..200).filter(|_| faults.take(Endpoint::Lookup).is_some());
        assert_eq!(applied.count(), 3);
        assert_eq!(faults.list().len(), 0);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [
            r#"{"endpoint":"sdk","kind":"delay"}"#,
            r#"{"endpoint":"sdk","kind":"delay","delayMs":60001}"#,
            r#"{"endpoint":"sdk","kind":"reset","delayMs":1}"#,
            r#"{"endpoint":"sdk","kind":"reset","code":"X"}"#,
            r#"{"endpoint":"sdk","kind":"error","status":200}"#,
            r#"{"endpoint":"sdk","kind":"error","count":0}"#,
            r#"{"endpoint":"sdk","kind":"error","code":""}"#,
            r#"{"endpoint":"sdk","kind":"malformed"}"#,
            r#"{"endpoint":"confirm","kind":"lost"}"#,
            r#"{"endpoint":"webhook","kind":"reset"}"#,
            r#"{"endpoint":"confirm","kind":"reset","probability":0}"#,
            r#"{"endpoint":"confirm","kind":"reset","probability":1.1}"#,
            r#"{"endpoint":"confirm","kind":"reset","seed":1}"#,
            r#"{"endpoint":"confirm","kind":"error","workAfter":"1s","workAfterMs":1}"#,
            r#"{"endpoint":"confirm","kind":"error","status":400,"workAfter":"1s"}"#,
            r#"{"endpoint":"confirm","kind":"lost_response","workAfter":"1s"}"#,
            r#"{"endpoint":"confirm","kind":"timeout","workAfterMs":600001}"#,
            r#"{"endpoint":"lookup","kind":"timeout","workAfter":"1s"}"#,
            r#"{"endpoint":"confirm","kind":"mutate"}"#,
            r#"{"endpoint":"sdk","kind":"mutate","remove":["/a"]}"#,
            r#"{"endpoint":"confirm","kind":"mutate","remove":["a"]}"#,
            r#"{"endpoint":"confirm","kind":"error","set":{"/a":1}}"#,
            r#"{"endpoint":"confirm","kind":"reset","event":"DEPOSIT_CALLBACK"}"#,
        ] {
            assert!(Faults::default().add(read(bad)).is_err(), "{bad}");
        }
        for unreadable in [
            r#"{"endpoint":"sdk","kind":"error","x":1}"#,
            r#"{"endpoint":"confirm","kind":"error","workAfter":"soon"}"#,
        ] {
            assert!(serde_json::from_str::<Fault>(unreadable).is_err());
        }
    }
}
