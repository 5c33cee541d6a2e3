//! Commits an intent and sends it, in a task that no cancelled request ends.

use std::{sync::Arc, time::Duration};

use tokio::sync::oneshot;

use super::{
    attempts::Begun,
    change::{Change, Committed},
    error::UseCaseError,
    services::Services,
    settle_attempt::drive,
};
use crate::domain::{attempt::Attempt, session::SessionRecord};

/// Tells that an attempt was worked on, and what session came of it if that is known.
pub(super) type Ended = oneshot::Receiver<Option<Box<SessionRecord>>>;

/// Commits and hands the attempt over, with the payment as it is then written down if that is known;
/// does not wait for its outcome. What is received in the end is the session that came of it, as [`drive`]
/// answers it.
pub(super) async fn hand_over(
    services: &Arc<Services>,
    change: Change,
    attempt: Attempt,
    begun: Option<Begun>,
) -> Result<(Committed, Ended), UseCaseError> {
    let worker = Arc::clone(services);
    let (tell, told) = oneshot::channel();
    let (end, ended) = oneshot::channel();
    services.detach(async move {
        let committed = worker.commit(change).await;
        let is_done = matches!(committed, Ok(Committed::Done));
        // Nobody listens any more when the request is gone; the work goes on.
        let _ = tell.send(committed);
        if !is_done {
            return;
        }
        let id = attempt.id.clone();
        let session = match Box::pin(drive(&worker, attempt, begun)).await {
            Ok(session) => session,
            Err(error) => {
                tracing::error!(%error, attempt = %id, "left to be taken up later");
                None
            }
        };
        let _ = end.send(session);
    });
    let committed = told
        .await
        .map_err(|_| UseCaseError::Conflict("the server is stopping".to_owned()))??;
    Ok((committed, ended))
}

/// Commits, sends, and waits for the outcome, but not longer than `patience`.
pub(super) async fn run(
    services: &Arc<Services>,
    change: Change,
    attempt: Attempt,
    patience: Duration,
) -> Result<Committed, UseCaseError> {
    // A change of everything is large; it waits on the heap.
    let handed_over = Box::pin(hand_over(services, change, attempt, None));
    let (committed, ended) = handed_over.await?;
    if committed == Committed::Done {
        tokio::select! {
            _ = ended => {}
            () = tokio::time::sleep(patience) => {}
            () = services.stop.cancelled() => {}
        }
    }
    Ok(committed)
}
