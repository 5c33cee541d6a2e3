//! That a notice has reached its customer.

use crate::{
    application::{
        change::{Change, Committed, SubscriptionChange},
        error::UseCaseError,
        services::Services,
    },
    domain::{
        ids::NoticeId,
        subscription::{
            evidence,
            notice::Notice,
            notice_delivery::{NoticeDelivery, Report},
        },
    },
};

/// How often it is tried against other deliveries of the same customer that are reported meanwhile.
const ROUNDS: usize = 8;

/// Writes down when and by what a notice was delivered, once. The same report again changes nothing.
///
/// # Errors
/// There is no such notice, what is said of it cannot be true, or something else was said before.
pub async fn report_delivery(
    services: &Services,
    id: &NoticeId,
    report: Report,
) -> Result<(Notice, NoticeDelivery), UseCaseError> {
    let records = &services.subscriptions;
    let notice = records.notice(id).await?.ok_or(UseCaseError::NoNotice)?;
    for _ in 0..ROUNDS {
        let chain = records.notice_deliveries(&notice.customer_key).await?;
        if let Some(before) = chain.iter().find(|it| it.notice_id == *id) {
            return if before.report == report {
                Ok((notice, before.clone()))
            } else {
                Err(UseCaseError::Conflict(format!(
                    "this notice was delivered at {} by {}, as was reported before; a delivery that is evidence is not changed",
                    before.report.delivered_at.kst().as_str(),
                    before.report.channel
                )))
            };
        }
        let now = services.now();
        report.check(&notice, now).map_err(UseCaseError::Invalid)?;
        let last = chain.last().map_or(evidence::FIRST, |last| &last.hash);
        let delivery = evidence::delivered(&notice, report.clone(), last, now);
        let change = Change {
            subscribing: Some(Box::new(SubscriptionChange {
                new_notice_delivery: Some(delivery.clone()),
                ..SubscriptionChange::default()
            })),
            ..Change::default()
        };
        if services.commit(change).await? == Committed::Done {
            return Ok((notice, delivery));
        }
    }
    Err(UseCaseError::Busy(
        "too many deliveries of this customer are reported at once; try again".to_owned(),
    ))
}
