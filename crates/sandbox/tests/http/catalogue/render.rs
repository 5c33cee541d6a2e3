//! The catalogue as a document.

use std::fmt::Write;

use super::rows::{CHAPTERS, Confidence, Row, of};

const HEAD: &str = "# What the sandbox is sure of

Every line below is asked of a running sandbox over HTTP whenever the tests run, and this page is written from the
same data: `crates/sandbox/catalogue/*.toml`. Renew it with
`RENEW_CATALOGUE=1 cargo test -p toss-sandbox --test http the_table_in_the_documents`.

**documented**: Toss's documents or typings say so. **observed**: somebody measured it with Toss's test keys, or a
real answer was published. **assumed**: nobody says, and the sandbox had to choose; where it matters the choice can be
changed with `--assume`, see [sandbox.md](sandbox.md#what-is-assumed).

Of a refusal, *documented* means that Toss lists the code for this call and that its text says what was done; which of
several fitting codes Toss would choose is not always written down. English texts are those of the first of Toss's
tables that has the code; a few are worded otherwise in another table.

";

fn count(rows: &[Row], confidence: Confidence) -> usize {
    rows.iter()
        .filter(|row| row.confidence == confidence)
        .count()
}

/// The whole page.
pub(super) fn table() -> String {
    let mut page = HEAD.to_owned();
    page.push_str(
        "| chapter | rows | documented | observed | assumed |\n|---|---:|---:|---:|---:|\n",
    );
    let chapters: Vec<(&str, Vec<Row>)> = CHAPTERS.iter().map(|one| (one.title, of(one))).collect();
    let all: Vec<Row> = chapters.iter().flat_map(|(_, rows)| rows.clone()).collect();
    for (title, rows) in &chapters {
        counts(&mut page, title, rows);
    }
    counts(&mut page, "**together**", &all);
    for (title, rows) in &chapters {
        write!(page, "\n## {title}\n\n| name | behaviour | request | answer | how sure |\n|---|---|---|---|---|\n")
            .unwrap();
        for row in rows {
            let request = match (row.request.as_str(), row.given.last()) {
                ("", Some(step)) => format!("after `{}`", cell(step)),
                (request, _) => format!("`{}`", cell(request)),
            };
            writeln!(
                page,
                "| `{}` | {} | {request} | {} | {} |",
                row.id,
                cell(&row.what),
                answer(row),
                sure(row)
            )
            .unwrap();
        }
    }
    page
}

fn counts(page: &mut String, title: &str, rows: &[Row]) {
    let [documented, observed, assumed] = Confidence::ALL.map(|sure| count(rows, sure));
    let all = rows.len();
    writeln!(
        page,
        "| {title} | {all} | {documented} | {observed} | {assumed} |"
    )
    .unwrap();
}

fn answer(row: &Row) -> String {
    if let Some(hears) = &row.hears {
        return match hears.len() {
            0 => "no webhook".to_owned(),
            1 => "1 webhook".to_owned(),
            more => format!("{more} webhooks"),
        };
    }
    match (&row.status, &row.code) {
        (Some(status), Some(code)) => format!("{status} `{code}`"),
        (Some(status), None) => status.to_string(),
        (None, _) => "303".to_owned(),
    }
}

fn sure(row: &Row) -> String {
    let sure = row.confidence.as_str();
    match row.source.as_str() {
        "" => sure.to_owned(),
        url if url.starts_with("https://") => format!("[{sure}]({url})"),
        how => format!("{sure}, {how}"),
    }
}

/// A text that fits into a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
