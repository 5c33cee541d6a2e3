//! What the page can be, what can happen, and what is to be done then.

use toss_checkout_contract::{
    Amount, CancelAt, CancelRequest, ConsentAnswer, CustomerInvoice, CustomerInvoices,
    CustomerSubscription, CustomerSubscriptions, Locale, ReplaceMethodAt, SeenRevision,
    SubscriptionStatus,
};

use crate::{flow::RequestError, subscription::public_events::PublicEvent};

/// Where the page stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The subscriptions are being read.
    Loading,
    /// They are shown.
    Shown(Box<Shown>),
    /// They cannot be.
    Failed(Fault),
}

/// Why nothing can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody gave a link.
    NoLink,
    /// The link opens nothing any more.
    LinkEnded,
    /// The backend does not answer.
    Unreachable,
    /// The device has no network.
    Offline,
    /// An option is wrong; how the developer mends it.
    Misconfigured(String),
}

/// Subscriptions that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// All of them.
    pub subscriptions: Vec<CustomerSubscription>,
    /// Whether no money moves.
    pub test_mode: bool,
    /// Where the shop is.
    pub return_url: Option<String>,
    /// Which of them, and what of it.
    pub place: Place,
    /// What the customer asked for and is under way.
    pub busy: Option<Busy>,
    /// What came of it.
    pub notice: Option<Notice>,
    /// Payments of the one that is shown.
    pub history: History,
}

impl Shown {
    /// The subscription that is shown.
    pub fn current(&self) -> Option<&CustomerSubscription> {
        let id = self.place.id()?;
        self.subscriptions
            .iter()
            .find(|subscription| subscription.id == id)
    }
}

/// Where the customer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// All subscriptions.
    List,
    /// One of them.
    Subscription(String),
    /// Where it is canceled.
    Cancel(String),
}

impl Place {
    /// The subscription.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::List => None,
            Self::Subscription(id) | Self::Cancel(id) => Some(id),
        }
    }
}

/// What is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// A cancel; whether something is given back.
    Canceling(CancelAt, Option<Amount>),
    /// A cancel is taken back.
    Uncanceling,
    /// What is owed is charged.
    Paying,
    /// A consent is recorded.
    Agreeing,
    /// The checkout that registers another card is being made.
    ChangingMethod,
}

/// What came of what the customer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Canceled at once.
    Canceled,
    /// Canceled at once, and something is given back.
    Refunded,
    /// It will end.
    Scheduled,
    /// The cancel was taken back.
    Uncanceled,
    /// Paid.
    Paid,
    /// Refused again.
    Refused,
    /// The consent was recorded.
    Agreed,
    /// Nothing: something else had changed it.
    Changed,
    /// Nothing: the backend could not.
    Failed,
    /// Nobody knows: no answer came.
    Unanswered,
}

impl Notice {
    /// What the shop's page is told of it.
    pub(super) fn event(self) -> Option<PublicEvent> {
        match self {
            Self::Canceled | Self::Refunded | Self::Scheduled => Some(PublicEvent::Canceled),
            Self::Uncanceled => Some(PublicEvent::Uncanceled),
            Self::Paid => Some(PublicEvent::Paid),
            Self::Agreed => Some(PublicEvent::Agreed),
            Self::Refused | Self::Changed | Self::Failed | Self::Unanswered => None,
        }
    }
}

/// Payments of one subscription.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Newest first.
    pub invoices: Vec<CustomerInvoice>,
    /// For the next page.
    pub next: Option<String>,
    /// Whether they are being read.
    pub loading: bool,
    /// Whether they could not be.
    pub failed: bool,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The subscriptions were read.
    Loaded(Result<CustomerSubscriptions, RequestError>),
    /// Payments were read: of this subscription, after that one.
    Invoices(
        String,
        Option<String>,
        Result<CustomerInvoices, RequestError>,
    ),
    /// What was asked for was answered.
    Done(Result<Box<CustomerSubscription>, RequestError>),
    /// The checkout was made.
    Leave(Result<ReplaceMethodAt, RequestError>),
    /// The customer opens a subscription.
    Open(String),
    /// All subscriptions again.
    ShowAll,
    /// To the page where it is canceled.
    AskCancel,
    /// Back from there.
    Keep,
    /// The customer cancels.
    Cancel(CancelAt),
    /// And takes it back.
    Uncancel,
    /// Pays what is owed.
    Pay,
    /// Agrees to the sentence that is shown in this language.
    Agree(Locale),
    /// Changes the card or account.
    ChangeMethod,
    /// Wants to see more payments.
    MoreInvoices,
    /// Tries again.
    TryAgain,
    /// What is shown may be old: the customer came back to the tab, or a charge is under way.
    Refresh,
    /// The browser brought the page back as it was left: what was under way then is not any more.
    Restored,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Reads the subscriptions.
    Load,
    /// Reads them in a moment.
    LoadSoon,
    /// Reads payments of a subscription, after that one.
    LoadInvoices(String, Option<String>),
    /// Asks for something of a subscription.
    Post(String, Ask),
    /// Asks for a checkout that registers another card for a subscription.
    ChangeMethod(String),
    /// Tells the shop's page what happened, to which subscription, and where that stands now.
    Tell(PublicEvent, String, SubscriptionStatus),
    /// Goes to an address.
    Go(String),
    /// Puts the focus on the heading.
    FocusHeading,
    /// Puts the focus on what came of what the customer did.
    FocusNotice,
}

/// What is asked of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// `cancel`.
    Cancel(CancelRequest),
    /// `uncancel`.
    Uncancel(SeenRevision),
    /// `charge`.
    Charge(SeenRevision),
    /// `consents`.
    Agree(ConsentAnswer),
}
