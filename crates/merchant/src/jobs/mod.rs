//! Due work: what has to happen without anybody asking for it.

pub mod backlog;
mod check_payments;
mod delete_methods;
pub mod deliver_events;
mod expire_sessions;
mod resume_attempts;
mod retention;
mod run_subscriptions;
pub mod runner;
mod webhooks_in;

use std::sync::Arc;

use self::runner::{Job, JobError, Runner};
use crate::application::{error::UseCaseError, services::Services};

/// Every kind of work that the use cases leave to the runner.
pub fn start(runner: &Runner, services: &Arc<Services>) {
    let jobs: [Arc<dyn Job>; 6] = [
        Arc::new(resume_attempts::ResumeAttempts::of(services)),
        Arc::new(check_payments::CheckPayments::of(services)),
        Arc::new(expire_sessions::ExpireSessions::of(services)),
        Arc::new(delete_methods::DeleteMethods::of(services)),
        Arc::new(webhooks_in::WebhooksIn::of(services)),
        Arc::new(run_subscriptions::RunSubscriptions::of(services)),
    ];
    for job in jobs {
        runner.start(job);
    }
    runner.tasks.spawn(retention::purge(Arc::clone(services)));
}

/// Whether a later try can end otherwise.
fn failed(error: UseCaseError) -> JobError {
    match error {
        UseCaseError::Records(error) => JobError::Records(error),
        error if error.is_lasting() => JobError::Hopeless(error.to_string()),
        error => JobError::Failed(error.to_string()),
    }
}
