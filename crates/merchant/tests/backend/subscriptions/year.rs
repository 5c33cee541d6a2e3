//! A year of a thousand subscriptions, day by day, with refused cards, replaced cards, pauses, changes,
//! trials, cancels, lost answers and crashes; then every invoice and charge is compared with what a
//! calculation of its own says ([`oracle`]), which knows the calendar from another library.
//!
//! The clock stands at 11:00:10 of each day, when all charges of the day are due, until nothing is due any
//! more; people do what they do at 14:00.

mod oracle;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::civil::{Date, date};
use test_database::Engine;
use toss_merchant::{
    application::{
        ports::{Page, Queue},
        services::Services,
        subscriptions::{
            Asked, GivenText, NewSubscription, cancel_subscription, change_subscription,
            create_subscription, give_consent, pause_subscription, replace_payment_method, show,
        },
    },
    config::Timing,
    domain::{
        ids::{PaymentMethodId, SubscriptionId},
        subscription::{
            commands::{At, ChangeRequest, Proration, When},
            consent::Device,
            create::Start,
            state::CancelRefund,
        },
        time::Millis,
    },
};
use toss_sandbox::{Endpoint, Fault};

use self::oracle::{Act, Card, Script};
use super::DAY;
use crate::support::{CUSTOMER, Shop, books, quick};

const BEGIN: Date = date(2027, 1, 31);
const END: Date = date(2028, 1, 31);
/// On these days the program is killed in the middle of the charges.
const CRASHES: [Date; 3] = [date(2027, 3, 1), date(2027, 7, 31), date(2027, 11, 30)];

fn at(day: Date, time: &str) -> Millis {
    Millis::from_toss(&format!("{day}T{time}+09:00")).unwrap()
}

fn go_to(shop: &Shop, moment: Millis) {
    if let Ok(ahead) = u64::try_from(moment.0 - shop.state().now().0) {
        shop.advance(Duration::from_millis(ahead));
    }
}

/// Waits until nothing of today is left to do. What waits for a moment gets it: after a crash a charge is
/// looked up when its time is over.
async fn quiet(shop: &Shop) {
    let mut seen = (u64::MAX, u64::MAX);
    let mut since = Instant::now();
    loop {
        let records = &shop.state().records;
        let now = shop.state().now();
        // A row that somebody works on is due when its lease ends.
        let soon = now.plus(Duration::from_secs(40));
        let due = records.backlog(Queue::Subscriptions, soon).await;
        let open = records.backlog(Queue::Attempts, now.plus(DAY * 30)).await;
        let left = (due.unwrap().due, open.unwrap().due);
        if left == (0, 0) {
            return;
        }
        if left != seen {
            (seen, since) = (left, Instant::now());
        }
        if since.elapsed() > Duration::from_millis(1500) {
            shop.advance(Duration::from_secs(45));
            since = Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Each payment that is paid is looked at ten times within a year, in case the webhook of a cancel was lost.
/// That has its own tests, and would be most of the work of this one.
async fn forget_the_looks_at_what_is_paid(shop: &Shop) {
    use sea_orm::ConnectionTrait as _;
    let database = sea_orm::Database::connect(shop.database.url())
        .await
        .unwrap();
    let forget = "UPDATE payments SET next_action_at = NULL WHERE status = 'paid' AND next_action_at IS NOT NULL";
    database.execute_unprepared(forget).await.unwrap();
    database.close().await.unwrap();
}

/// What people use.
struct People {
    cards: BTreeMap<(Card, Option<usize>), PaymentMethodId>,
    ids: Vec<SubscriptionId>,
}

impl People {
    fn card(&self, card: Card, n: usize) -> &PaymentMethodId {
        let own = card.is_ones_own().then_some(n);
        &self.cards[&(card, own)]
    }

    async fn register(shop: &Shop, scripts: &[Script]) -> Self {
        let mut cards = BTreeMap::new();
        for card in Card::ALL {
            let owners: Vec<Option<usize>> = if card.is_ones_own() {
                let of = scripts.iter().filter(|script| script.uses(card));
                of.map(|script| Some(script.n)).collect()
            } else {
                vec![None]
            };
            for owner in owners {
                let session = shop.subscription(false).await;
                let fields = [("number", card.number())];
                let auth = shop.toss.auth_key_with("CARD", &fields);
                let (status, body) = shop.billing(&session, &auth).await;
                assert_eq!(status, 200, "{body}");
                cards.insert((card, owner), shop.method(&session).await.id);
            }
        }
        Self {
            cards,
            ids: Vec::new(),
        }
    }

    async fn subscribe(&mut self, services: &Arc<Services>, script: &Script) {
        let new = NewSubscription {
            customer_key: CUSTOMER.parse().unwrap(),
            payment_method_id: self.card(Card::Good, script.n).clone(),
            order_name: format!("구독 {}", script.n),
            customer: toss_checkout_contract::Customer::default(),
            price: script.price,
            interval: script.interval,
            phases: Vec::new(),
            anchor: Some(script.anchor.to_string().parse().unwrap()),
            trial_end: script.trial_end().map(|day| at(day, "23:59:59")),
            start: Start::Anchor,
        };
        let made = create_subscription(services, new, &format!("s{}", script.n)).await;
        self.ids.push(made.unwrap().id);
    }

    async fn act(&self, services: &Arc<Services>, n: usize, act: &Act) {
        let asked = Asked {
            id: self.ids[n].clone(),
            revision: None,
            request: None,
        };
        let text = GivenText {
            text_version: "1".to_owned(),
            text: "인상된 금액으로 결제하는 데 동의합니다.".to_owned(),
            channel: "web".to_owned(),
            device: Device::default(),
        };
        let change = |price, when, proration| ChangeRequest {
            price: Some(price),
            interval: None,
            when,
            proration,
        };
        let done = match *act {
            Act::Replace(card) => {
                replace_payment_method(services, &asked, self.card(card, n)).await
            }
            Act::Pause { until } => {
                let until = at(until, "11:00:00");
                pause_subscription(services, &asked, At::PeriodEnd, Some(until)).await
            }
            Act::ChangeLater(price) => {
                let request = change(price, When::NextPeriod, Proration::None);
                change_subscription(services, &asked, &request, "later", None).await
            }
            Act::ChangeNow(price) => {
                let request = change(price, When::Now, Proration::Charge);
                change_subscription(services, &asked, &request, "now", Some(&text)).await
            }
            Act::Consent => {
                let shown = show(services, &asked.id).await.unwrap();
                let needed = shown.consent_needed.expect("a consent is asked for");
                let (kind, at) = (needed.kind, needed.effective_at);
                give_consent(services, &asked, kind, at, &text).await
            }
            Act::CancelAtEnd => {
                cancel_subscription(services, &asked, At::PeriodEnd, CancelRefund::None).await
            }
            Act::CancelNow => {
                cancel_subscription(services, &asked, At::Now, CancelRefund::Prorated).await
            }
        };
        done.unwrap_or_else(|error| panic!("{n} {act:?}: {error}"));
    }
}

/// The invoices of a subscription with their charges and refunds, oldest first, in the oracle's words.
async fn rows(shop: &Shop, id: &SubscriptionId) -> Vec<String> {
    let (records, subscriptions) = (&shop.state().records, &shop.state().subscriptions);
    let page = Page {
        limit: 200,
        before: None,
    };
    let mut rows = Vec::new();
    for listed in subscriptions.invoices(id, page).await.unwrap() {
        let invoice = listed.row.unwrap();
        let attempts = subscriptions.attempts_of_invoice(&invoice.id).await;
        let mut charges = Vec::new();
        let mut refund = 0;
        for attempt in attempts.unwrap() {
            let code = attempt.failure.as_ref().map(|it| it.code.to_string());
            charges.push(oracle::charge(
                attempt.charge.as_ref().unwrap().trigger.as_str(),
                code.as_deref(),
                &attempt.created_at.kst().as_str()[..10],
            ));
            let payment = attempt.payment_id.unwrap();
            for it in records.refunds(&payment).await.unwrap() {
                assert_eq!(it.status.as_str(), "succeeded");
                refund += it.amount.value();
            }
        }
        rows.push(oracle::row(
            invoice.kind.as_str(),
            invoice.period_no,
            &invoice.state.period.start.to_string(),
            &invoice.state.period.end.to_string(),
            invoice.amount,
            invoice.status.as_str(),
            &charges,
            refund,
        ));
    }
    rows.reverse();
    rows
}

/// Also row 24 of the list of others' faults: a worker that stopped after days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_of_a_thousand_subscriptions_is_to_the_won_what_the_calendar_says() {
    // The same code decides on both; one of them does the long run.
    let many = match Engine::chosen() {
        Engine::Sqlite => 1_000,
        Engine::Postgres => 100,
    };
    let timing = Timing {
        confirm: Duration::from_secs(10),
        charge: Duration::from_secs(10),
        lookup: Duration::from_secs(5),
        tick: Duration::from_millis(20),
        // The clock stands still while a day's charges are made.
        shop_rate: 1_000_000,
        ..quick()
    };
    let mut shop = Shop::at_noon_with(&[], timing).await;
    let scripts: Vec<Script> = (0..many).map(Script::of).collect();
    let mut people = People::register(&shop, &scripts).await;
    for script in &scripts {
        people.subscribe(&shop.state().services, script).await;
    }
    quiet(&shop).await;
    let mut day = BEGIN;
    while day < END {
        day = day.tomorrow().unwrap();
        // Answers that are lost change nothing, as long as Toss can be asked.
        if day.month() == 2 {
            shop.toss.next([Fault::lost_response(Endpoint::Charge)]);
        }
        go_to(&shop, at(day, "11:00:10"));
        if CRASHES.contains(&day) {
            let before = shop.toss.payments().len();
            for _ in 0..200 {
                if shop.toss.payments().len() > before {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            shop.crash_and_restart().await;
        }
        quiet(&shop).await;
        forget_the_looks_at_what_is_paid(&shop).await;
        let today = scripts.iter().flat_map(|script| {
            let acts = script.acts(END).into_iter();
            acts.filter_map(|(on, act)| (on == day).then_some((script.n, act)))
        });
        let today: Vec<(usize, Act)> = today.collect();
        if !today.is_empty() {
            go_to(&shop, at(day, "14:00:00"));
            for (n, act) in &today {
                people.act(&shop.state().services, *n, act).await;
            }
            quiet(&shop).await;
        }
    }
    let mut wrong = Vec::new();
    for (script, id) in scripts.iter().zip(&people.ids) {
        let got = rows(&shop, id).await;
        let (wanted, status) = script.ledger(BEGIN, END);
        let subscription = shop.state().subscriptions.subscription(id).await;
        let is = subscription.unwrap().unwrap().status;
        if got != wanted || is.as_str() != status {
            wrong.push(format!(
                "{script:?} is {is}, not {status}\n got {got:#?}\n wanted {wanted:#?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {many}: {}",
        wrong.len(),
        wrong[..wrong.len().min(3)].join("\n")
    );
    assert_eq!(books::differences(&shop).await, [""; 0]);
}
