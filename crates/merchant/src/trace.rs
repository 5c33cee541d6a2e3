//! The trace id of a request: in its answer, in every log line about it, and in its errors.

use std::cell::Cell;

tokio::task_local! {
    static TRACE: Cell<u64>;
}

/// Runs the work under a new trace id, and hands it out.
pub(crate) async fn with_new<T>(work: impl AsyncFnOnce(String) -> T) -> T {
    let id = rand::random::<u64>();
    TRACE.scope(Cell::new(id), work(written(id))).await
}

/// The trace id of the request at work; `-` outside of one.
pub(crate) fn current() -> String {
    TRACE
        .try_with(|id| written(id.get()))
        .unwrap_or_else(|_| "-".to_owned())
}

/// Takes the trace id along into a task.
pub(crate) fn keep<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let id = TRACE.try_with(Cell::get).unwrap_or(0);
    TRACE.scope(Cell::new(id), work)
}

fn written(id: u64) -> String {
    format!("{id:016x}")
}
