//! A session shows what its payment says.

use crate::{
    application::change::Update,
    domain::{
        edit::Edit,
        payment::{Payment, Purpose},
        payment_method::PaymentMethod,
        session::{SessionPatch, SessionRecord},
        session_view::{billing_result, payment_result},
        transitions::session_status,
    },
};

/// What a session shows once its payment is as it now is. `None`: the same as before.
pub(in crate::application) fn session_update(
    record: &SessionRecord,
    payment: &Payment,
    method: Option<&PaymentMethod>,
) -> Option<Update<toss_checkout_contract::SessionId, SessionPatch>> {
    let session = &record.session;
    let result = match (payment.purpose, method) {
        (Purpose::Checkout, _) => payment_result(payment),
        (_, Some(method)) => {
            billing_result(method, Some(payment), record.subscription_id().as_ref())
        }
        (_, None) => return None,
    };
    let status = session_status(session.kind, payment.status);
    let moved = status.filter(|status| *status != session.status);
    let shown = (session.result.as_ref() != Some(&result)).then_some(result);
    if moved.is_none() && shown.is_none() {
        return None;
    }
    Some(Update {
        id: session.id.clone(),
        revision: session.revision,
        patch: SessionPatch {
            status: moved,
            result: shown,
            next_action_at: Edit::Clear,
            ..SessionPatch::default()
        },
    })
}
