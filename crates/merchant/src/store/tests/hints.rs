//! What webhooks without proof may cost, whichever copy of the program gets them.

use std::time::Duration;

use super::*;

const PER_MINUTE: u32 = 3;

async fn hint(store: &Store, payment: &str, at: Millis) -> Result<(), Millis> {
    let (shop, payment) = (shop().id, PaymentId::new(payment));
    WebhookRecords::hint(store, &shop, &payment, PER_MINUTE, at)
        .await
        .unwrap()
}

fn after(seconds: u64) -> Millis {
    NOW.plus(Duration::from_secs(seconds))
}

#[tokio::test]
async fn copies_share_what_there_is_in_a_minute() {
    for place in places().await {
        let copies = [place.open().await, place.open().await];
        let all = (0..20).map(|n| {
            let store = Arc::clone(&copies[n % 2]);
            tokio::spawn(async move { hint(&store, &format!("pay_{n}"), NOW).await })
        });
        let mut granted = 0;
        for one in all.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Ok(()) => granted += 1,
                Err(free_at) => assert_eq!(free_at, after(60)),
            }
        }
        assert_eq!(granted, PER_MINUTE);
        assert_eq!(hint(&copies[0], "pay_x", after(59)).await, Err(after(60)));
        assert_eq!(hint(&copies[1], "pay_x", after(60)).await, Ok(()));
    }
}

#[tokio::test]
async fn a_payment_that_was_looked_up_by_one_copy_waits_at_the_other() {
    for place in places().await {
        let copies = [place.open().await, place.open().await];
        assert_eq!(hint(&copies[0], "pay_1", NOW).await, Ok(()));
        assert_eq!(hint(&copies[1], "pay_1", after(1)).await, Err(after(2)));
        assert_eq!(hint(&copies[1], "pay_1", after(2)).await, Ok(()));
        assert_eq!(hint(&copies[0], "pay_1", after(3)).await, Err(after(6)));
        assert_eq!(hint(&copies[0], "pay_2", after(3)).await, Ok(()));
    }
}
