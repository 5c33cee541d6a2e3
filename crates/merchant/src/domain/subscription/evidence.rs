//! The chain of a customer's consents, and that of the notices that reached them: each link holds the hash of
//! the one before, so that none can be changed, left out or put in later without every later one being wrong.

use super::{
    consent::ConsentRecord,
    notice::Notice,
    notice_delivery::{NoticeDelivery, Report},
};
use crate::domain::{names::digest, time::Millis};

/// What the first link of a customer's chain has as the hash before it.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 over the parts of a consent, in hex; each part is preceded by its length as eight bytes.
pub fn hash(consent: &ConsentRecord) -> String {
    let interval = |terms: super::price::Terms| {
        format!(
            "{}/{} {}",
            terms.price, terms.interval.count, terms.interval.unit
        )
    };
    let ip = consent.device.ip.map(|ip| ip.to_string());
    let ip = ip.unwrap_or_default();
    digest(&[
        "consent",
        &consent.prev_hash,
        consent.id.as_str(),
        consent.subscription_id.as_str(),
        consent.customer_key.expose(),
        consent.kind.as_str(),
        &interval(consent.before),
        &interval(consent.after),
        &consent.effective_at.0.to_string(),
        &consent.text_version,
        &consent.text,
        &consent.method_label,
        &consent.channel,
        &ip,
        consent.device.user_agent.as_deref().unwrap_or_default(),
        &consent.given_at.0.to_string(),
    ])
}

/// The same over a delivery and the notice that was delivered.
pub fn delivery_hash(notice: &Notice, delivery: &NoticeDelivery) -> String {
    digest(&[
        "notice-delivery",
        &delivery.prev_hash,
        notice.id.as_str(),
        notice.subscription_id.as_str(),
        notice.customer_key.expose(),
        notice.kind.as_str(),
        &notice.price_before.to_string(),
        &notice.price_after.to_string(),
        &notice.for_at.0.to_string(),
        &notice.text.ko,
        &notice.text.en,
        &notice.due_at.0.to_string(),
        &delivery.report.delivered_at.0.to_string(),
        &delivery.report.channel,
        &delivery.reported_at.0.to_string(),
    ])
}

/// A delivery as the newest link of its customer's chain.
pub fn delivered(notice: &Notice, report: Report, prev_hash: &str, now: Millis) -> NoticeDelivery {
    let mut delivery = NoticeDelivery {
        notice_id: notice.id.clone(),
        customer_key: notice.customer_key.clone(),
        report,
        reported_at: now,
        prev_hash: prev_hash.to_owned(),
        hash: String::new(),
    };
    delivery.hash = delivery_hash(notice, &delivery);
    delivery
}

/// The number of the first consent that does not fit, counted from 0; `None`: the chain is whole.
pub fn first_break(chain: &[ConsentRecord]) -> Option<usize> {
    broken(chain.iter().map(|consent| Link {
        prev_hash: &consent.prev_hash,
        hash: &consent.hash,
        computed: Some(hash(consent)),
    }))
}

/// The same of deliveries. One whose notice is not there does not fit.
pub fn first_break_of_deliveries(chain: &[NoticeDelivery], notices: &[Notice]) -> Option<usize> {
    broken(chain.iter().map(|delivery| {
        let notice = notices.iter().find(|it| it.id == delivery.notice_id);
        Link {
            prev_hash: &delivery.prev_hash,
            hash: &delivery.hash,
            computed: notice.map(|notice| delivery_hash(notice, delivery)),
        }
    }))
}

struct Link<'a> {
    prev_hash: &'a str,
    hash: &'a str,
    computed: Option<String>,
}

fn broken<'a>(links: impl Iterator<Item = Link<'a>>) -> Option<usize> {
    let mut before = FIRST;
    for (index, link) in links.enumerate() {
        if link.prev_hash != before || link.computed.as_deref() != Some(link.hash) {
            return Some(index);
        }
        before = link.hash;
    }
    None
}

#[cfg(test)]
mod tests {
    use toss_checkout_contract::CustomerKey;

    use super::*;
    use crate::domain::{
        ids::{ConsentId, SubscriptionId},
        subscription::{
            calendar::{Interval, Unit},
            consent::{ConsentKind, Device},
            notice::tests::notice,
            price::Terms,
        },
    };

    fn chain(length: u64) -> Vec<ConsentRecord> {
        let mut chain: Vec<ConsentRecord> = Vec::new();
        for n in 0..length {
            let terms = |price| Terms {
                price,
                interval: Interval {
                    unit: Unit::Month,
                    count: 1,
                },
            };
            let mut consent = ConsentRecord {
                id: ConsentId::new(format!("con_{n}")),
                subscription_id: SubscriptionId::new("sub_1"),
                customer_key: CustomerKey::new("3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11").unwrap(),
                kind: ConsentKind::PriceIncrease,
                before: terms(100 + n),
                after: terms(101 + n),
                effective_at: Millis(10),
                text_version: "1".to_owned(),
                text: "동의합니다".to_owned(),
                method_label: "현대 1234".to_owned(),
                channel: "web".to_owned(),
                device: Device::default(),
                given_at: Millis(5),
                prev_hash: chain.last().map_or(FIRST, |last| &last.hash).to_owned(),
                hash: String::new(),
            };
            consent.hash = hash(&consent);
            chain.push(consent);
        }
        chain
    }

    #[test]
    fn a_consent_that_was_changed_left_out_or_put_in_breaks_the_chain() {
        assert_eq!(first_break(&chain(4)), None);
        let mut changed = chain(4);
        changed[1].after.price += 1;
        assert_eq!(first_break(&changed), Some(1));
        let mut elsewhere = chain(4);
        elsewhere[1].device.user_agent = Some("curl".to_owned());
        assert_eq!(first_break(&elsewhere), Some(1));
        // With its own hash made to fit, the next one tells.
        changed[1].hash = hash(&changed[1]);
        assert_eq!(first_break(&changed), Some(2));
        let mut left_out = chain(4);
        left_out.remove(2);
        assert_eq!(first_break(&left_out), Some(2));
        let mut put_in = chain(3);
        put_in.insert(1, put_in[1].clone());
        assert_eq!(first_break(&put_in), Some(2));
    }

    #[test]
    fn a_delivery_or_its_notice_that_was_changed_or_left_out_breaks_the_chain() {
        let notices: Vec<Notice> = (0..3).map(notice).collect();
        let mut chain: Vec<NoticeDelivery> = Vec::new();
        for notice in &notices {
            let before = chain.last().map_or(FIRST, |last| &last.hash).to_owned();
            let report = Report {
                delivered_at: Millis(950_000_000),
                channel: "alimtalk".to_owned(),
            };
            chain.push(delivered(notice, report, &before, Millis(1)));
        }
        assert_eq!(first_break_of_deliveries(&chain, &notices), None);
        let mut later = chain.clone();
        later[1].report.delivered_at.0 += 1;
        assert_eq!(first_break_of_deliveries(&later, &notices), Some(1));
        let mut left_out = chain.clone();
        left_out.remove(1);
        assert_eq!(first_break_of_deliveries(&left_out, &notices), Some(1));
        let mut dearer = notices.clone();
        dearer[2].price_after += 1;
        assert_eq!(first_break_of_deliveries(&chain, &dearer), Some(2));
        assert_eq!(first_break_of_deliveries(&chain, &notices[1..]), Some(0));
    }
}
