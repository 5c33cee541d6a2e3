//! A budget for webhooks that prove nothing. Anybody can post them, and each could make us ask Toss: so
//! they share a small number of look-ups a minute, and those about one order wait longer each time. A
//! webhook with the payment's secret needs no budget.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use toss_checkout_contract::OrderId;

use crate::domain::time::Millis;

/// How many orders are remembered; beyond that, those that may ask again are forgotten.
const MAX_ORDERS: usize = 10_000;
/// The first distance between two look-ups of one order, and the longest.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_mins(5);
/// After this long without a hint an order begins anew.
const FORGIVEN: Duration = Duration::from_mins(30);

#[derive(Debug, Clone, Copy)]
struct Asked {
    at: Millis,
    times: u32,
}

impl Asked {
    fn free_at(self) -> Millis {
        let wait = FIRST
            .checked_mul(2_u32.checked_pow(self.times - 1).unwrap_or(u32::MAX))
            .map_or(LONGEST, |wait| wait.min(LONGEST));
        self.at.plus(wait)
    }
}

#[derive(Debug, Default)]
struct State {
    orders: HashMap<OrderId, Asked>,
    minute: Option<Millis>,
    used: u32,
}

/// The budget of this process.
#[derive(Debug)]
pub struct Hints {
    per_minute: u32,
    state: Mutex<State>,
}

impl Hints {
    /// So many look-ups a minute.
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            state: Mutex::default(),
        }
    }

    /// Takes a look-up of an order.
    ///
    /// # Errors
    /// When there will be one.
    pub fn take(&self, order: &OrderId, now: Millis) -> Result<(), Millis> {
        const MINUTE: Duration = Duration::from_mins(1);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = state.orders.get(order).copied();
        if let Some(asked) = asked
            && now < asked.free_at()
        {
            return Err(asked.free_at());
        }
        let began = match state.minute {
            Some(began) if now.since(began) < MINUTE && now >= began => began,
            _ => {
                state.used = 0;
                now
            }
        };
        state.minute = Some(began);
        if state.used >= self.per_minute {
            return Err(began.plus(MINUTE));
        }
        state.used += 1;
        let times = match asked {
            Some(asked) if now.since(asked.at) < FORGIVEN => asked.times.saturating_add(1),
            _ => 1,
        };
        if state.orders.len() >= MAX_ORDERS {
            state.orders.retain(|_, asked| now < asked.free_at());
        }
        state.orders.insert(order.clone(), Asked { at: now, times });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(n: u32) -> OrderId {
        OrderId::new(format!("order-{n}")).unwrap()
    }

    #[test]
    fn one_order_waits_longer_each_time_and_does_not_use_up_the_others() {
        let hints = Hints::new(20);
        let at = |seconds: i64| Millis(seconds * 1000);
        assert_eq!(hints.take(&order(1), at(0)), Ok(()));
        for _ in 0..400 {
            assert_eq!(hints.take(&order(1), at(1)), Err(at(2)));
        }
        assert_eq!(hints.take(&order(1), at(2)), Ok(()));
        assert_eq!(hints.take(&order(1), at(3)), Err(at(6)));
        assert_eq!(hints.take(&order(2), at(3)), Ok(()), "another order may");
        assert_eq!(hints.take(&order(1), at(6)), Ok(()));
        assert_eq!(hints.take(&order(1), at(7)), Err(at(14)));
        assert_eq!(hints.take(&order(1), at(3_000)), Ok(()));
        assert_eq!(
            hints.take(&order(1), at(3_001)),
            Err(at(3_002)),
            "begins anew after a while"
        );
    }

    #[test]
    fn many_orders_share_what_there_is_in_a_minute() {
        let hints = Hints::new(3);
        let now = Millis(0);
        for n in 0..3 {
            assert_eq!(hints.take(&order(n), now), Ok(()));
        }
        let next = Millis(60_000);
        assert_eq!(hints.take(&order(3), now), Err(next));
        assert_eq!(hints.take(&order(3), next), Ok(()));
    }
}
