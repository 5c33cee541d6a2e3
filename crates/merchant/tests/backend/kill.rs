//! The kill matrix: the program ends at each point of what it does, before and after every step that is
//! written down and every request to Toss or to the merchant's server, and starts again on the same
//! database. Toss must have done everything once, and the records must say so. And the same with a program
//! that does not end, but stands still until another one on the same PostgreSQL has done its work, and then
//! goes on.
//!
//! Elsewhere a row was changed and its job was lost with the process before it was queued (row 22 of the list
//! of others' faults): here the row is the queue, and the program dies between every two steps.
//!
//! Which points there are is not written here: the program first does its work undisturbed and tells
//! every point that it passes. `KILL_CASE=charge.after:1` tries this point alone.

mod copies;
mod old_answer;
mod scenario;
mod subscribed;

use std::{collections::HashMap, env, fmt::Debug, pin::Pin, sync::Arc, time::Duration};

use test_database::Engine;
use tokio::{sync::Semaphore, task::JoinSet};

use self::{scenario::Scenario, subscribed::Subscribed};
use crate::support::{Shop, program::Program};

/// Programs that run at once.
const AT_ONCE: usize = 6;
/// Longer than every lease, and shorter than Toss waits for a confirm.
const LATER: Duration = Duration::from_mins(4);
/// What deletes old rows and what asks Toss for its time happen when they like.
const HOUSEKEEPING: [&str; 2] = ["purge", "clock"];

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// What happens to the program at a point.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Dies,
    IsLate,
}

/// A piece of work that the program is killed in the middle of.
trait Work: Debug + Copy + Send + Sync + 'static {
    type Stage: Stage;

    /// A shop in which everything stands ready for it, and no backend runs.
    fn prepare(self, engine: Engine) -> impl Future<Output = (Shop, Self::Stage)> + Send;
}

/// The answer's status, if there is one: a program that dies answers nothing.
type Answered = Pin<Box<dyn Future<Output = Option<u16>> + Send>>;

/// What the work is done with.
trait Stage: Send + Sync {
    /// What comes from outside, as it comes again when it got no answer.
    fn act(&self, shop: &Shop, origin: &str) -> Answered;
    /// Waits until it is done.
    fn until_done(&self, shop: &Shop, origin: &str) -> impl Future<Output = ()> + Send;
    /// Everything happened once, and is written down as it is at Toss.
    fn check(&self, shop: &Shop) -> impl Future<Output = ()> + Send;
    /// What is written down of money.
    fn written(&self, shop: &Shop) -> impl Future<Output = Vec<String>> + Send;
}

/// What the program does undisturbed: every point it passes once it listens, with which time it is.
async fn points(engine: Engine, work: impl Work) -> Vec<String> {
    let (shop, stage) = work.prepare(engine).await;
    let program = Program::launch(&mut shop.program()).await;
    let before = program.passed().len();
    stage.act(&shop, &program.origin()).await;
    stage.until_done(&shop, &program.origin()).await;
    until_quiet(&program).await;
    let mut times = HashMap::new();
    let mut points = Vec::new();
    for (index, point) in program.passed().into_iter().enumerate() {
        let time = times.entry(point.clone()).or_insert(0);
        *time += 1;
        let housekeeping = HOUSEKEEPING.iter().any(|name| point.starts_with(name));
        if index >= before && !housekeeping {
            points.push(format!("{point}:{time}"));
        }
    }
    points
}

/// Waits until the program has passed no point for longer than its loops wait.
async fn until_quiet(program: &Program) {
    let mut passed = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let now = program.passed().len();
        if now == passed {
            return;
        }
        passed = now;
    }
}

/// What moves money or ends a registration, as a request to Toss. Of a card that is registered by its number
/// nothing is kept to go on with.
const GOES_ON: [&str; 5] = ["confirm", "issue", "charge", "cancel", "delete"];

fn sent(shop: &Shop) -> usize {
    GOES_ON.iter().map(|of| shop.toss.seen(of).len()).sum()
}

/// The program dies there, and another one takes over. Whoever waited for an answer asks again, but not for
/// what goes on without: what Toss was sent was written down before, and who has an answer has no reason to ask.
async fn dies_at(engine: Engine, work: impl Work, point: &str) {
    let (mut shop, stage) = work.prepare(engine).await;
    let mut command = shop.program();
    let mut program = Program::launch(command.env("FAILPOINT", format!("{point}=abort"))).await;
    let sent_before = sent(&shop);
    let answer = stage.act(&shop, &program.origin()).await;
    program.until_aborted().await;
    let goes_on = answer.is_some() || sent(&shop) > sent_before;
    shop.advance(LATER);
    shop.restart().await;
    let origin = shop.backend.origin.clone();
    if !goes_on {
        stage.act(&shop, &origin).await;
    }
    stage.until_done(&shop, &origin).await;
    stage.check(&shop).await;
}

/// The program stands still there until its leases have ended and another copy has done everything. Then
/// it goes on, and changes nothing.
async fn is_late_at(engine: Engine, work: impl Work, point: &str) {
    let (mut shop, stage) = work.prepare(engine).await;
    let mut command = shop.program();
    let late = Program::launch(command.env("FAILPOINT", format!("{point}=stop"))).await;
    let origin = late.origin();
    let asked = tokio::spawn(stage.act(&shop, &origin));
    late.until_stopped().await;
    shop.advance(LATER);
    shop.restart().await;
    let origin = shop.backend.origin.clone();
    stage.act(&shop, &origin).await;
    stage.until_done(&shop, &origin).await;
    stage.check(&shop).await;
    let written = stage.written(&shop).await;
    late.signal("-CONT");
    asked.await.unwrap();
    until_quiet(&late).await;
    stage.check(&shop).await;
    assert_eq!(stage.written(&shop).await, written);
}

#[expect(
    clippy::print_stdout,
    reason = "--nocapture shows what there is to choose from"
)]
async fn matrix(scenario: impl Work, fate: Fate) {
    let engine = match fate {
        Fate::Dies => Engine::chosen(),
        // A program that stands still in the middle of a change holds the whole file.
        Fate::IsLate => Engine::Postgres,
    };
    let mut points = {
        let _place = PLACES.acquire().await.unwrap();
        points(engine, scenario).await
    };
    assert!(points.len() >= 4, "{points:?}");
    if let Ok(only) = env::var("KILL_CASE") {
        points.retain(|point| *point == only);
    }
    let points: Vec<Arc<str>> = points.into_iter().map(Arc::from).collect();
    println!("{scenario:?} {fate:?}: {points:#?}");
    let mut cases = JoinSet::new();
    for point in &points {
        let point = Arc::clone(point);
        cases.spawn(async move {
            let _place = PLACES.acquire().await.unwrap();
            let case = tokio::spawn(async move {
                match fate {
                    Fate::Dies => dies_at(engine, scenario, &point).await,
                    Fate::IsLate => is_late_at(engine, scenario, &point).await,
                }
                point
            });
            case.await
        });
    }
    let mut survived = Vec::new();
    while let Some(case) = cases.join_next().await {
        // What went wrong was printed by the panic.
        survived.extend(case.unwrap().ok());
    }
    let lost = points.iter().filter(|point| !survived.contains(point));
    let lost: Vec<&str> = lost.map(AsRef::as_ref).collect();
    assert!(lost.is_empty(), "{scenario:?} {fate:?}: not at {lost:?}");
}

macro_rules! matrix {
    ($($fate:ident { $($name:ident: $scenario:expr;)+ })+) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                matrix($scenario, Fate::$fate).await;
            }
        )+)+
    };
}

matrix! {
    Dies {
        confirm: Scenario::Confirm;
        issue: Scenario::Issue;
        issue_and_first_charge: Scenario::FirstCharge;
        charge: Scenario::Charge;
        refund: Scenario::Refund;
        webhook_in: Scenario::Webhook;
        event_out: Scenario::Event;
        confirm_taken_up: Scenario::OpenConfirm;
        refund_taken_up: Scenario::OpenCancel;
        delete: Scenario::Delete;
        key_in: Scenario::KeyIn;
        expiry: Scenario::Expiry;
        renewal: Subscribed::Renewal;
        subscription_begins: Subscribed::Registration;
        subscription_paid_now: Subscribed::PayNow;
        subscription_canceled_with_a_refund: Subscribed::ProratedCancel;
        subscription_with_another_card: Subscribed::AnotherCard;
    }
    IsLate {
        two_copies_confirm: Scenario::Confirm;
        two_copies_issue_and_first_charge: Scenario::FirstCharge;
        two_copies_webhook_in: Scenario::Webhook;
        two_copies_confirm_taken_up: Scenario::OpenConfirm;
        two_copies_refund_taken_up: Scenario::OpenCancel;
        two_copies_delete: Scenario::Delete;
        two_copies_expiry: Scenario::Expiry;
        two_copies_renewal: Subscribed::Renewal;
    }
}
