//! Reading the data files.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One data file.
pub(super) struct Chapter {
    pub(super) title: &'static str,
    text: &'static str,
}

const fn chapter(title: &'static str, text: &'static str) -> Chapter {
    Chapter { title, text }
}

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../../catalogue/", $name, ".toml"))
    };
}

/// Every data file, in the order of the document.
pub(super) const CHAPTERS: [Chapter; 13] = [
    chapter(
        "Authentication, languages, errors in general",
        data!("transport"),
    ),
    chapter("Idempotency-Key", data!("idempotency")),
    chapter("API versions, keys and merchants", data!("versions")),
    chapter("Confirm", data!("confirm")),
    chapter("Looking payments up", data!("lookup")),
    chapter("Cancel", data!("cancel")),
    chapter("Virtual accounts", data!("accounts")),
    chapter("Automatic payment", data!("billing")),
    chapter("Transactions and cash receipts", data!("books")),
    chapter(
        "Script, key-in, settlements, and what is not here",
        data!("scope"),
    ),
    chapter("States and time", data!("states")),
    chapter("Webhooks", data!("webhooks")),
    chapter("Error tables", data!("errors")),
];

/// How sure it is that Toss does so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Confidence {
    /// Toss's documents or typings say so.
    Documented,
    /// Somebody measured it or saw it in a real answer.
    Observed,
    /// Nobody says; the sandbox had to choose.
    Assumed,
}

impl Confidence {
    pub(super) const ALL: [Self; 3] = [Self::Documented, Self::Observed, Self::Assumed];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }
}

/// One behaviour.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) id: String,
    /// The behaviour in a sentence.
    pub(super) what: String,
    #[serde(default)]
    pub(super) source: String,
    pub(super) confidence: Confidence,
    /// `--assume` options of the sandbox.
    #[serde(default)]
    pub(super) assume: Vec<String>,
    /// `--rate-limit`
    #[serde(default)]
    pub(super) rate_limit: Option<u32>,
    /// What happens before: see `given.rs`.
    #[serde(default)]
    pub(super) given: Vec<String>,
    /// Method and path; `SUBMIT form` for a button of the window; nothing to look at webhooks only.
    #[serde(default)]
    pub(super) request: String,
    /// `Authorization`; the shop's key when not said, nothing when `none`.
    #[serde(default)]
    pub(super) authorization: Option<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// JSON, or anything else.
    #[serde(default)]
    pub(super) body: Option<String>,
    #[serde(default)]
    pub(super) status: Option<u16>,
    /// `code` of the answer.
    #[serde(default)]
    pub(super) code: Option<String>,
    /// `message` of the answer.
    #[serde(default)]
    pub(super) message: Option<String>,
    /// JSON that the answer must contain; see `compare.rs` for `<text>` and the like.
    #[serde(default)]
    pub(super) expect: Option<String>,
    /// Headers of the answer.
    #[serde(default)]
    pub(super) answers: BTreeMap<String, String>,
    /// Where the buyer is sent, for `SUBMIT`.
    #[serde(default)]
    pub(super) redirect: Option<String>,
    /// What the merchant hears: `{"headers": …, "body": …}`, in any order, no more and no less.
    #[serde(default)]
    pub(super) hears: Option<Vec<String>>,
    /// For which events the merchant is registered; all of them when not said.
    #[serde(default)]
    pub(super) registered: Option<String>,
    /// How the merchant answers webhooks, one after the other, then 200.
    #[serde(default)]
    pub(super) merchant_answers: Vec<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    row: Vec<Row>,
    #[serde(default)]
    table: Vec<Table>,
}

/// An error table of Toss's: each line becomes a row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    request: String,
    source: String,
    rows: Vec<[String; 4]>,
}

pub(super) fn of(chapter: &Chapter) -> Vec<Row> {
    let file: File =
        toml::from_str(chapter.text).unwrap_or_else(|error| panic!("{}: {error}", chapter.title));
    let tables = file.table.iter().flat_map(Table::rows);
    file.row.into_iter().chain(tables).collect()
}

impl Table {
    fn rows(&self) -> Vec<Row> {
        self.rows
            .iter()
            .flat_map(|[code, status, ko, en]| {
                let status: u16 = status.parse().unwrap();
                let korean = self.row(code, status, "ko-KR", ko);
                let english = (!en.is_empty()).then(|| self.row(code, status, "en-US", en));
                std::iter::once(korean).chain(english)
            })
            .collect()
    }

    fn row(&self, code: &str, status: u16, language: &str, message: &str) -> Row {
        let short = &language[..2];
        Row {
            id: format!("error.{}.{code}.{short}", self.name),
            what: format!("{code}: {message}"),
            source: self.source.clone(),
            confidence: Confidence::Documented,
            assume: Vec::new(),
            rate_limit: None,
            given: Vec::new(),
            request: self.request.clone(),
            authorization: None,
            headers: [
                ("TossPayments-Test-Code".to_owned(), code.to_owned()),
                ("Accept-Language".to_owned(), language.to_owned()),
            ]
            .into(),
            body: Some("{}".to_owned()),
            status: Some(status),
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            expect: None,
            answers: BTreeMap::new(),
            redirect: None,
            hears: None,
            registered: None,
            merchant_answers: Vec::new(),
        }
    }
}
