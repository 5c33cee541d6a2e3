//! Payments of the subscription that is shown, read page by page.

use toss_checkout_contract::CustomerInvoices;

use super::{Effect, Fault, Shown, fault};
use crate::flow::RequestError;

/// Begins to read the payments of the subscription that is shown, or asked whether to cancel.
pub(super) fn read_history(shown: &mut Shown) -> Option<Effect> {
    let id = shown.place.id()?.to_owned();
    shown.history.loading = true;
    Some(Effect::LoadInvoices(id, None))
}

pub(super) fn invoices(
    shown: &mut Shown,
    id: &str,
    more: bool,
    answer: Result<CustomerInvoices, RequestError>,
) -> Result<(), Fault> {
    if shown.place.id() != Some(id) {
        return Ok(());
    }
    let history = &mut shown.history;
    history.loading = false;
    match answer {
        Ok(answer) => {
            if !more {
                history.invoices.clear();
            }
            history.invoices.extend(answer.invoices);
            history.next = answer.next;
            history.failed = false;
        }
        Err(error) => {
            if let Some(fault) = fault(&error) {
                return Err(fault);
            }
            history.failed = true;
        }
    }
    Ok(())
}

pub(super) fn more(shown: &mut Shown) -> Vec<Effect> {
    let Some(id) = shown.place.id().map(str::to_owned) else {
        return Vec::new();
    };
    if shown.history.loading {
        return Vec::new();
    }
    shown.history.loading = true;
    let after = shown.history.next.clone();
    vec![Effect::LoadInvoices(id, after)]
}
