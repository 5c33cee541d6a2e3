//! Where a state belongs in the gallery, so that none is left out.

use toss_checkout_contract::{ChargeStatus, Session, SessionKind, SessionStatus};
use toss_payments_sdk::LoadError;

use crate::{
    flow::{Keys, Notice, Refusal, RequestError, Sdk, Stage, State, Wait, When},
    i18n::{Action, reason},
};

macro_rules! places {
    ($($place:ident = $name:literal,)*) => {
        /// What tells screens apart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Place {
            $($place,)*
        }

        #[cfg(test)]
        impl Place {
            pub(super) const ALL: &[Self] = &[$(Self::$place,)*];

            /// What the names of its screens begin with.
            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Self::$place => $name,)*
                }
            }
        }
    };
}

places! {
    Loading = "loading",
    FormPayment = "form-payment",
    FormBilling = "form-billing",
    FormPreparing = "form-preparing",
    FormBlocked = "form-blocked",
    FormSlow = "form-slow",
    FormOffline = "form-offline",
    FormCanceled = "form-canceled",
    FormConsentMissing = "form-consent-missing",
    FormHeld = "form-held",
    FormOpening = "form-opening",
    DeliveringPayment = "delivering-payment",
    DeliveringRegistration = "delivering-registration",
    Undelivered = "undelivered",
    UndeliveredOffline = "undelivered-offline",
    Unreachable = "unreachable",
    UnreachableOffline = "unreachable-offline",
    LookingUp = "looking-up",
    LookingUpLong = "looking-up-long",
    Registered = "registered",
    ChargePending = "charge-pending",
    ChargeSucceeded = "charge-succeeded",
    ChargeDeclined = "charge-declined",
    ChargeUnknown = "charge-unknown",
    DepositWaiting = "deposit-waiting",
    DepositReversed = "deposit-reversed",
    DepositPaid = "deposit-paid",
    Paid = "paid",
    Before = "before",
    Canceled = "canceled",
    PartiallyCanceled = "partially-canceled",
    Expired = "expired",
    FailedTryAgain = "failed-try-again",
    FailedStartAgain = "failed-start-again",
    FailedWait = "failed-wait",
    FailedOtherMethod = "failed-other-method",
    FailedOtherCard = "failed-other-card",
    FailedCardCompany = "failed-card-company",
    FailedShop = "failed-shop",
    RefusedAddress = "refused-address",
    RefusedAmount = "refused-amount",
    RefusedOrder = "refused-order",
    RefusedCustomer = "refused-customer",
    RefusedKind = "refused-kind",
    NotFound = "not-found",
    Misconfigured = "misconfigured",
}

/// Where a state belongs. Every kind of state is named, so that a new one does not compile without its
/// place; a test sees to it that every place has a screen.
#[cfg_attr(not(test), expect(dead_code, reason = "it is there to be compiled"))]
pub(super) fn place(state: &State) -> Place {
    match state {
        State::Loading(_) => Place::Loading,
        State::Unreachable(_, RequestError::Offline) => Place::UnreachableOffline,
        State::Unreachable(..) => Place::Unreachable,
        State::Checkout(form) => match (&form.sdk, form.notice, form.opening) {
            (Sdk::Failed(LoadError::Offline { .. }), ..) => Place::FormOffline,
            (Sdk::Failed(LoadError::Timeout { .. }), ..) => Place::FormSlow,
            (Sdk::Failed(_), ..) => Place::FormBlocked,
            (Sdk::Loading, ..) => Place::FormPreparing,
            (Sdk::Ready, _, true) => Place::FormOpening,
            (Sdk::Ready, Some(Notice::Canceled), false) => Place::FormCanceled,
            (Sdk::Ready, Some(Notice::ConsentMissing), false) if form.held.is_some() => {
                Place::FormHeld
            }
            (Sdk::Ready, Some(Notice::ConsentMissing), false) => Place::FormConsentMissing,
            (Sdk::Ready, None, false) => match form.session.kind {
                SessionKind::Payment => Place::FormPayment,
                SessionKind::Billing => Place::FormBilling,
            },
        },
        State::Delivering(_, Keys::Confirm(_)) => Place::DeliveringPayment,
        State::Delivering(_, Keys::Issue(_)) => Place::DeliveringRegistration,
        State::Undelivered(_, _, RequestError::Offline) => Place::UndeliveredOffline,
        State::Undelivered(..) => Place::Undelivered,
        State::LookingUp(_, Wait::Short) => Place::LookingUp,
        State::LookingUp(_, Wait::Long) => Place::LookingUpLong,
        State::Outcome(_, When::Before) => Place::Before,
        State::Outcome(session, When::Now) => of_outcome(session),
        State::Reversed(_) => Place::DepositReversed,
        // Where it failed decides about a sentence, why it failed about all else.
        State::Failed(_, code, Stage::Window | Stage::Confirm) => match reason(code).action() {
            Action::TryAgain => Place::FailedTryAgain,
            Action::StartAgain => Place::FailedStartAgain,
            Action::Wait => Place::FailedWait,
            Action::OtherMethod => Place::FailedOtherMethod,
            Action::OtherCard => Place::FailedOtherCard,
            Action::CardCompany => Place::FailedCardCompany,
            Action::Shop => Place::FailedShop,
        },
        State::Refused(_, refusal) => match refusal {
            Refusal::Address(_) => Place::RefusedAddress,
            Refusal::Amount => Place::RefusedAmount,
            Refusal::Order => Place::RefusedOrder,
            Refusal::Customer => Place::RefusedCustomer,
            Refusal::Kind => Place::RefusedKind,
        },
        State::NotFound => Place::NotFound,
        State::Misconfigured(_) => Place::Misconfigured,
    }
}

fn of_outcome(session: &Session) -> Place {
    let charge = session
        .result
        .as_ref()
        .and_then(|result| result.charge.as_ref());
    match session.status {
        SessionStatus::Registered | SessionStatus::Active => {
            match charge.map(|charge| charge.status) {
                None => Place::Registered,
                Some(ChargeStatus::Pending) => Place::ChargePending,
                Some(ChargeStatus::Succeeded) => Place::ChargeSucceeded,
                Some(ChargeStatus::Declined) => Place::ChargeDeclined,
                Some(ChargeStatus::Unknown) => Place::ChargeUnknown,
            }
        }
        SessionStatus::WaitingForDeposit => Place::DepositWaiting,
        SessionStatus::Paid => {
            let result = session.result.as_ref();
            let account = result.and_then(|result| result.virtual_account.as_ref());
            account.map_or(Place::Paid, |_| Place::DepositPaid)
        }
        SessionStatus::Canceled => Place::Canceled,
        SessionStatus::PartiallyCanceled => Place::PartiallyCanceled,
        SessionStatus::Expired => Place::Expired,
        // Not outcomes; the state machine keeps them apart, and the page would say that it looks.
        SessionStatus::Open
        | SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Failed
        | SessionStatus::Unknown => Place::LookingUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::{PAST, all};

    #[test]
    fn every_screen_is_where_its_name_says_and_every_place_has_one() {
        let all = all(PAST);
        for (at, (name, state)) in all.iter().enumerate() {
            assert!(name.starts_with(place(state).name()), "{name}");
            assert!(all[..at].iter().all(|(other, _)| other != name), "{name}");
        }
        for wanted in Place::ALL {
            assert!(
                all.iter().any(|(_, state)| place(state) == *wanted),
                "{wanted:?} has no screen"
            );
        }
    }
}
