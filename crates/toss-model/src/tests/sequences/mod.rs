//! Whatever is done in whatever order, no payment leaves Toss's diagrams.
//! Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

mod acts;
mod sound;
mod world;

use std::collections::HashSet;

use proptest::prelude::*;

use self::{
    acts::{Act, act},
    world::World,
};
use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_acts_leaves_the_diagrams(acts in prop::collection::vec(act(), 1..120)) {
        let mut world = World::new();
        for act in &acts {
            world.perform(act);
            world.check();
        }
    }

    #[test]
    fn what_is_saved_comes_back_the_same(acts in prop::collection::vec(act(), 1..60)) {
        let mut world = World::new();
        for act in &acts {
            world.perform(act);
        }
        let saved = serde_json::to_string(&world.state.save()).unwrap();
        let (mut other, _) = toss();
        other.restore(serde_json::from_str(&saved).unwrap());
        prop_assert_eq!(other.payments(), world.state.payments());
        prop_assert_eq!(other.billing(), world.state.billing());
        prop_assert_eq!(serde_json::to_value(other.save()).unwrap(), serde_json::to_value(world.state.save()).unwrap());
    }
}

/// Random acts alone may miss a corner; these reach every status.
#[test]
fn every_status_can_be_reached() {
    let open = |method| Act::Open {
        method,
        order: 0,
        amount: 15_000,
    };
    let mut seen = HashSet::new();
    let all = |payment| Act::Refund {
        payment,
        amount: None,
        tax_free: None,
        account: true,
    };
    let part = Act::Refund {
        payment: 0,
        amount: Some(5_000),
        tax_free: None,
        account: true,
    };
    let confirm = |payment| Act::Confirm {
        payment,
        right: true,
    };
    for acts in [
        vec![
            open(0),
            Act::Choose {
                window: 0,
                declined: false,
            },
            confirm(0),
            part,
        ],
        vec![
            open(0),
            Act::Choose {
                window: 0,
                declined: true,
            },
            confirm(0),
        ],
        vec![
            open(2),
            Act::Choose {
                window: 0,
                declined: false,
            },
            confirm(0),
            Act::Deposit { payment: 0 },
            all(0),
        ],
        vec![open(0), Act::Wait { seconds: 3_600 }],
    ] {
        let mut world = World::new();
        for act in acts {
            world.perform(&act);
            world.check();
            seen.extend(world.state.payments().iter().map(|payment| payment.status));
        }
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
}

#[test]
fn the_same_seed_gives_the_same_names() {
    let (mut one, shop) = toss();
    let (mut two, _) = toss();
    assert_eq!(
        waiting(&mut one, shop, "order-1", NOW),
        waiting(&mut two, shop, "order-1", NOW)
    );
    assert_eq!(callbacks(&mut one), callbacks(&mut two));
}
