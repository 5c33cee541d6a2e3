//! What time alone does to a payment.

use time::OffsetDateTime;

use super::refund::FOREIGN_CANCEL_TAKES;
use crate::{
    journal::Event,
    payment::{CONFIRM_VALIDITY, Payment, Status, WINDOW_VALIDITY},
};

impl Payment {
    /// Lets time do what it does: windows close, accounts fall due, refunds arrive. Tells `events`.
    pub(crate) fn pass_time(&mut self, now: OffsetDateTime, events: &mut Vec<Event>) {
        if !self.cancels.is_empty() {
            for cancel in self.settle_cancels(now) {
                events.push(Event::Cancel {
                    payment: Box::new(self.clone()),
                    at: cancel.at + FOREIGN_CANCEL_TAKES,
                    cancel,
                });
            }
        }
        let ends = match self.status {
            Status::Ready => Some(self.requested_at + WINDOW_VALIDITY),
            Status::InProgress => self.authenticated_at.map(|at| at + CONFIRM_VALIDITY),
            Status::WaitingForDeposit => {
                self.close_if_due(now);
                None
            }
            Status::Done
            | Status::Canceled
            | Status::PartialCanceled
            | Status::Aborted
            | Status::Expired => None,
        };
        if let Some(end) = ends.filter(|end| now > *end) {
            self.status = Status::Expired;
            events.push(Event::payment(self, end));
        }
    }
}
