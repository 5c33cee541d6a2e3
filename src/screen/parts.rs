//! What a screen is made of.

use std::borrow::Cow;

use toss_checkout_contract::{Amount, Timestamp};

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Above the heading.
    pub mark: Mark,
    /// Says it all.
    pub heading: &'static str,
    /// Says it in full.
    pub body: Vec<Part>,
    /// What can be pressed. The main one comes first.
    pub actions: Vec<Action>,
}

impl Screen {
    /// A screen that only has a heading.
    pub(super) fn new(mark: Mark, heading: &'static str) -> Self {
        Self {
            mark,
            heading,
            body: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// Says something in a sentence.
    pub(super) fn lead(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.body.push(Part::Lead(sentence.into()));
        self
    }

    /// Adds parts, where there are any.
    pub(super) fn with(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.body.extend(parts);
        self
    }

    /// Adds actions, where there are any.
    pub(super) fn offer(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.actions.extend(actions);
        self
    }
}

/// The mark above a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Done.
    Done,
    /// The buyer has something to do.
    Waiting,
    /// Interrupted; nothing is lost.
    Held,
    /// It did not work.
    Failed,
    /// Under way.
    Busy,
}

impl Mark {
    /// Its classes.
    pub fn class(self) -> &'static str {
        match self {
            Self::Done => "mark done",
            Self::Waiting => "mark waiting",
            Self::Held => "mark held",
            Self::Failed => "mark failed",
            Self::Busy => "mark busy",
        }
    }
}

/// A part of what a screen says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A sentence.
    Lead(Cow<'static, str>),
    /// That no money moves.
    TestMode,
    /// Sentences in a box, with the code for whoever helps the buyer.
    Notice(Tone, Vec<&'static str>, Option<Code>),
    /// Names and values.
    Facts(Vec<Fact>),
    /// The code in small print.
    Code(Code),
    /// How the merchant's developer mends it, in English.
    Fix(String),
}

/// The colour of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// To be known.
    #[default]
    Neutral,
    /// Good.
    Good,
    /// Bad.
    Trouble,
}

impl Tone {
    /// Its classes.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "notice",
            Self::Good => "notice good",
            Self::Trouble => "notice trouble",
        }
    }
}

/// A code, and the parameter of the address at fault where it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Toss's or ours.
    pub code: String,
    /// The parameter.
    pub field: Option<&'static str>,
}

/// A fact: its name and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact(pub &'static str, pub Value);

/// The value of a fact; the component writes it in the buyer's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// As it is.
    Text(Cow<'static, str>),
    /// An amount.
    Money(Amount),
    /// An amount that is charged this often.
    Recurring(Amount, &'static str),
    /// A moment, in Korean time.
    Moment(Timestamp),
}

/// What can be pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Tells the state machine that the buyer tries again.
    TryAgain(&'static str),
    /// Leads to the page before this one, where there is one.
    Back(&'static str),
    /// Leads somewhere else.
    Link {
        /// The words.
        label: &'static str,
        /// The address.
        href: String,
        /// Whether it is the main one.
        primary: bool,
    },
}
