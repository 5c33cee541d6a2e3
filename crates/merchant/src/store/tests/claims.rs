//! Due work is found in order, held by one, and fenced; what cannot be read stops nothing.

use std::{collections::HashSet, time::Duration};

use sea_orm::ConnectionTrait;

use super::*;
use crate::application::ports::{Claimed, Page, Queue, RecordsError, Release};

const LEASE: Duration = Duration::from_mins(1);

async fn claim(store: &Store, at: Millis, limit: u64) -> Vec<Claimed> {
    store
        .claim(Queue::Sessions, at, LEASE, limit, None)
        .await
        .unwrap()
}

fn hours(count: u64) -> Millis {
    NOW.plus(Duration::from_hours(count))
}

#[tokio::test]
async fn a_row_is_held_by_one_until_its_lease_ends() {
    for place in places().await {
        let store = place.open().await;
        let (session, _) = written(&store).await;
        assert!(claim(&store, NOW, 10).await.is_empty(), "not due yet");
        let first = claim(&store, hours(1), 10).await;
        assert_eq!(first[0].id, session.session.id.expose());
        assert!(claim(&store, hours(1), 10).await.is_empty(), "held");
        let second = claim(&store, hours(2), 10).await;
        assert_eq!((second[0].lease_no, second[0].tries), (2, 1));
        assert!(
            !store
                .release(Queue::Sessions, &first[0], Release::Done)
                .await
                .unwrap()
        );
        let later = Release::At(hours(5));
        assert!(
            store
                .release(Queue::Sessions, &second[0], later)
                .await
                .unwrap()
        );
        assert!(claim(&store, hours(4), 10).await.is_empty());
        let third = claim(&store, hours(5), 10).await;
        assert_eq!(third[0].tries, 0, "the count begins anew");
        let aside = Release::NeedsAttention("unreadable".to_owned());
        assert!(
            store
                .release(Queue::Sessions, &third[0], aside)
                .await
                .unwrap()
        );
        assert!(claim(&store, hours(99), 10).await.is_empty());
        let backlog = store.backlog(Queue::Sessions, hours(99)).await.unwrap();
        assert_eq!((backlog.due, backlog.needs_attention), (0, 1));
    }
}

#[tokio::test]
async fn several_claim_at_once_and_each_row_goes_to_one() {
    for place in places().await {
        let stores = [place.open().await, place.open().await];
        for _ in 0..60 {
            written(&stores[0]).await;
        }
        let mut running = tokio::task::JoinSet::new();
        for number in 0..8 {
            let store = Arc::clone(&stores[number % 2]);
            running.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let claimed = claim(&store, hours(1), 7).await;
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(claimed.into_iter().map(|row| row.id));
                }
            });
        }
        let all: Vec<String> = running.join_all().await.into_iter().flatten().collect();
        // Rows that another one had locked were skipped and may be left; none went to two.
        let distinct: HashSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        let rest = claim(&stores[0], hours(1), 100).await;
        assert_eq!(all.len() + rest.len(), 60);
    }
}

#[tokio::test]
async fn the_longest_due_comes_first() {
    for place in places().await {
        let store = place.open().await;
        let mut expected = Vec::new();
        for _ in 0..5 {
            expected.push(written(&store).await.0.session.id);
        }
        for (at, id) in expected.iter().enumerate() {
            let moment = hours(1).0 - i64::try_from(at).unwrap();
            let sql = format!(
                "UPDATE sessions SET next_action_at = {moment} WHERE id = '{}'",
                id.expose()
            );
            store.read.execute_unprepared(&sql).await.unwrap();
        }
        expected.reverse();
        let claimed = claim(&store, hours(1), 3).await;
        let ids: Vec<&str> = claimed.iter().map(|row| row.id.as_str()).collect();
        let first: Vec<&str> = expected[..3].iter().map(SessionId::expose).collect();
        assert_eq!(ids, first);
    }
}

#[tokio::test]
async fn a_shop_is_asked_for_no_more_than_its_rate() {
    for place in places().await {
        let store = place.open().await;
        for _ in 0..30 {
            let (_, payment) = written(&store).await;
            let change = Change {
                new_attempt: Some(confirm(&payment)),
                ..Change::default()
            };
            store.commit(change, NOW).await.unwrap();
        }
        let rate = async |at: Millis| {
            let claimed = store.claim(Queue::Attempts, at, LEASE, 100, Some(5)).await;
            claimed.unwrap().len()
        };
        assert_eq!(rate(NOW).await, 6, "a second's worth ahead");
        assert_eq!(rate(NOW).await, 0);
        assert_eq!(rate(NOW.plus(Duration::from_secs(1))).await, 5);
    }
}

/// A clock that was ahead for a moment stopped a shop until the time that it had shown.
#[tokio::test]
async fn what_a_clock_wrote_that_was_ahead_does_not_count() {
    for place in places().await {
        let store = place.open().await;
        let (_, payment) = written(&store).await;
        let change = Change {
            new_attempt: Some(confirm(&payment)),
            ..Change::default()
        };
        store.commit(change, NOW).await.unwrap();
        let sql = format!("UPDATE shops SET toss_free_at = {}", hours(99).0);
        store.read.execute_unprepared(&sql).await.unwrap();
        let claimed = store.claim(Queue::Attempts, NOW, LEASE, 4, Some(5)).await;
        assert_eq!(claimed.unwrap().len(), 1);
    }
}

/// One shop's backlog was found again and again, and what was due of the others was not.
#[tokio::test]
async fn the_backlog_of_one_shop_does_not_stand_before_what_is_due_of_the_others() {
    for place in places().await {
        let store = place.open().await;
        let mut last = None;
        for _ in 0..9 {
            let (_, payment) = written(&store).await;
            let attempt = confirm(&payment);
            last = Some(attempt.id.clone());
            let change = Change {
                new_attempt: Some(attempt),
                ..Change::default()
            };
            store.commit(change, NOW).await.unwrap();
        }
        let other = last.unwrap();
        for sql in [
            format!("UPDATE attempts SET next_action_at = {}", NOW.0 - 1),
            format!(
                "UPDATE attempts SET shop_id = 'shop_other', next_action_at = {} WHERE id = '{other}'",
                NOW.0
            ),
        ] {
            store.read.execute_unprepared(&sql).await.unwrap();
        }
        let claim = async || store.claim(Queue::Attempts, NOW, LEASE, 4, Some(1)).await;
        assert_eq!(claim().await.unwrap().len(), 2, "a second's worth ahead");
        let next = claim().await.unwrap();
        assert_eq!(next.len(), 1);
        assert_eq!(next[0].id, other.to_string());
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_stops_nothing() {
    for place in places().await {
        let store = place.open().await;
        let (broken, _) = written(&store).await;
        let (sound, _) = written(&store).await;
        let id = broken.session.id.expose();
        let sql = format!("UPDATE sessions SET methods = '[\"BARTER\"]' WHERE id = '{id}'");
        store.read.execute_unprepared(&sql).await.unwrap();
        let error = store.session(&broken.session.id).await.unwrap_err();
        assert!(
            matches!(&error, RecordsError::Unreadable { table: "sessions", id: named, .. } if named == id),
            "{error}"
        );
        let page = Page {
            limit: 10,
            before: None,
        };
        let listed = store.sessions(page, None).await.unwrap();
        assert_eq!(listed.iter().filter(|row| row.row.is_ok()).count(), 1);
        assert_eq!(listed[0].row.as_ref().unwrap(), &sound);
        assert_eq!(claim(&store, hours(1), 10).await.len(), 2);
    }
}

#[tokio::test]
async fn due_rows_are_found_by_their_index_however_many_there_are() {
    for place in places().await {
        let store = place.open().await;
        for _ in 0..300 {
            written(&store).await;
        }
        if store.engine() == Engine::Postgres {
            store.read.execute_unprepared("ANALYZE").await.unwrap();
        }
        // PostgreSQL reads a table of a page or two as a whole, whatever indexes it has.
        let queues = match store.engine() {
            Engine::Postgres => &[Queue::Sessions][..],
            Engine::Sqlite => &Queue::ALL,
        };
        for &queue in queues {
            let plan = store.claim_plan(queue, NOW, 10).await.unwrap().join("\n");
            let index = format!("{queue}_next");
            assert!(plan.contains(&index), "{plan}");
            assert!(!plan.to_lowercase().contains("temp b-tree"), "{plan}");
        }
    }
}
