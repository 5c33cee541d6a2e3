//! The catalogue of behaviours: every row of `catalogue/*.toml` is asked of a real sandbox over HTTP, and the
//! rows are what `docs/sandbox-catalogue.md` shows.

mod compare;
mod given;
mod render;
mod rows;
mod run;

use tokio::{sync::Semaphore, task::JoinSet};

use self::rows::{CHAPTERS, Confidence, Row};

/// How many rows are tried at a time, each with a sandbox of its own.
const AT_ONCE: usize = 8;

fn everything() -> Vec<Row> {
    CHAPTERS.iter().flat_map(rows::of).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_row_of_the_catalogue_holds() {
    static SLOTS: Semaphore = Semaphore::const_new(AT_ONCE);
    let mut tries = JoinSet::new();
    for row in everything() {
        tries.spawn(async move {
            let _slot = SLOTS.acquire().await;
            // On a task of its own, so that a panic is the row's and not the catalogue's.
            let id = row.id.clone();
            let outcome = tokio::spawn(async move { run::holds(&row).await });
            match outcome.await {
                Ok(Ok(())) => None,
                Ok(Err(why)) => Some(format!("{id}: {why}")),
                Err(panic) => Some(format!("{id}: {panic}")),
            }
        });
    }
    let mut broken: Vec<String> = tries.join_all().await.into_iter().flatten().collect();
    broken.sort_unstable();
    assert!(
        broken.is_empty(),
        "{} rows do not hold:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

#[test]
fn every_row_has_a_name_a_source_and_a_confidence() {
    let mut seen = std::collections::HashSet::new();
    for row in everything() {
        assert!(seen.insert(row.id.clone()), "{} twice", row.id);
        assert!(!row.what.is_empty(), "{}", row.id);
        let source = row.source.as_str();
        match row.confidence {
            Confidence::Documented => assert!(source.starts_with("https://"), "{}", row.id),
            Confidence::Observed => assert!(!source.is_empty(), "{}", row.id),
            Confidence::Assumed => assert!(source.is_empty(), "{}", row.id),
        }
    }
    assert!(seen.len() > 300, "{}", seen.len());
}

#[test]
fn the_table_in_the_documents_is_this_catalogue() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/sandbox-catalogue.md"
    );
    let table = render::table();
    if std::env::var_os("RENEW_CATALOGUE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == table,
        "docs/sandbox-catalogue.md is out of date; renew it with\n\
         RENEW_CATALOGUE=1 cargo test -p toss-sandbox --test http the_table_in_the_documents"
    );
}
