//! One row's trouble is its own, one kind's slowness too.

use std::sync::Mutex;

use tokio::sync::Notify;

use super::*;
use crate::{domain::webhook::NewWebhook, store::Store};

const NOW: Millis = Millis(1_795_219_200_000);

/// Does with each webhook what its event type says.
#[derive(Debug)]
struct Scripted {
    records: Arc<dyn Records>,
    done: Mutex<Vec<String>>,
    progress: Notify,
}

#[async_trait]
impl Job for Scripted {
    fn queue(&self) -> Queue {
        Queue::Webhooks
    }

    fn lease(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn workers(&self) -> usize {
        4
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        let webhook = self.records.webhook(&claimed.id).await?;
        let what = webhook.map(|it| it.content.event_type).unwrap_or_default();
        self.done.lock().unwrap().push(what.clone());
        self.progress.notify_one();
        match what.as_str() {
            "hopeless" => Err(JobError::Hopeless("no key for it".to_owned())),
            "fails" => Err(JobError::Failed("not now".to_owned())),
            "panics" => panic!("a fault of ours"),
            _ => Ok(Finished::Release(Release::Done)),
        }
    }
}

struct Bench {
    runner: Runner,
    job: Arc<Scripted>,
    _folder: tempfile::TempDir,
}

async fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("shop.db").display());
    let records: Arc<dyn Records> = Arc::new(Store::open(&url, NOW).await.unwrap());
    let runner = Runner {
        records: Arc::clone(&records),
        clock: Clock::manual(NOW),
        look: Duration::from_millis(20),
        wake: Wake::default(),
        stop: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    let job = Arc::new(Scripted {
        records,
        done: Mutex::default(),
        progress: Notify::new(),
    });
    Bench {
        runner,
        job,
        _folder: folder,
    }
}

impl Bench {
    async fn receive(&self, what: &str) -> String {
        let webhook = NewWebhook {
            transmission_id: crate::crypto::random_name("t"),
            event_type: what.to_owned(),
            order_id: None,
            key_digest: None,
            claimed_status: None,
            secret_digest: None,
            body: String::new(),
        };
        let stored = self.runner.records.insert_webhook(webhook, NOW).await;
        stored.unwrap().unwrap().id
    }

    /// Waits until so many pieces of work had begun, then ends the loops and what is under way.
    async fn run_until(&self, begun: usize) {
        self.runner.start(Arc::clone(&self.job) as Arc<dyn Job>);
        while self.job.done.lock().unwrap().len() < begun {
            self.job.progress.notified().await;
        }
        self.runner.stop.cancel();
        self.runner.tasks.close();
        self.runner.tasks.wait().await;
    }
}

#[tokio::test]
async fn a_row_that_fails_stops_no_other() {
    let bench = bench().await;
    let hopeless = bench.receive("hopeless").await;
    let fails = bench.receive("fails").await;
    let panics = bench.receive("panics").await;
    for _ in 0..20 {
        bench.receive("works").await;
    }
    bench.run_until(23).await;
    let records = &bench.runner.records;
    let row = async |id: &str| records.webhook(id).await.unwrap().unwrap();
    let aside = row(&hopeless).await;
    assert_eq!(aside.needs_attention.as_deref(), Some("no key for it"));
    assert_eq!(aside.work.next_action_at, None);
    for id in [&fails, &panics] {
        let again = row(id).await;
        assert_eq!(again.needs_attention, None);
        assert_eq!(again.work.next_action_at, Some(NOW.plus(FIRST_PAUSE)));
        assert_eq!(again.work.tries, 1);
    }
    let backlog = records.backlog(Queue::Webhooks, NOW).await.unwrap();
    assert_eq!((backlog.due, backlog.needs_attention), (0, 1));
}

#[test]
fn what_keeps_failing_is_set_aside_and_a_database_that_is_away_is_not_its_fault() {
    let failed = JobError::Failed("not now".to_owned());
    assert_eq!(
        after(&failed, 0, NOW),
        Release::Again(NOW.plus(FIRST_PAUSE))
    );
    assert_eq!(
        after(&failed, MAX_TRIES, NOW),
        Release::NeedsAttention(format!("tried {MAX_TRIES} times: not now"))
    );
    let away = JobError::Records(RecordsError::Database("gone".to_owned()));
    assert_eq!(
        after(&away, 500, NOW),
        Release::Again(NOW.plus(LONGEST_PAUSE))
    );
    let unreadable = JobError::Records(RecordsError::Unreadable {
        table: "webhooks",
        id: "wh_1".to_owned(),
        reason: "status".to_owned(),
    });
    assert!(matches!(
        after(&unreadable, 0, NOW),
        Release::NeedsAttention(_)
    ));
}

#[test]
fn pauses_grow_to_an_hour() {
    let seconds = |tries| pause(tries).as_secs();
    assert_eq!([seconds(0), seconds(1), seconds(5)], [2, 4, 64]);
    assert_eq!([seconds(30), seconds(400)], [3600, 3600]);
}
