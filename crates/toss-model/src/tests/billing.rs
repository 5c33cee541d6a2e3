use super::*;
use crate::{
    card::MAGIC_CARDS,
    instrument::ACCOUNTS,
    on_charge::OnCharge,
    operations::ChargeRequest,
    payment::{Means, Status},
};

fn charge(order: &str) -> ChargeRequest {
    ChargeRequest {
        customer_key: CUSTOMER.into(),
        amount: 4_900,
        order_id: order.into(),
        order_name: "토스 프라임 구독".into(),
        tax_free: 0,
        tax_exemption: 0,
    }
}

#[test]
fn an_auth_key_is_good_once_for_its_customer_and_shop() {
    let (mut state, shop) = toss();
    let other = other_shop(&state);
    let key = auth_key(&mut state, shop, working_card(), NOW);
    let code = |result: Result<_, crate::errors::Refusal>| match result {
        Ok(()) => "ok".to_owned(),
        Err(refusal) => refusal.code.to_string(),
    };
    let mut issue = |shop, key: &str, customer: &str, now| {
        code(state.issue(shop, key, customer, now).map(|_| ()))
    };
    assert_eq!(issue(other, &key, CUSTOMER, NOW), "INVALID_BILLING_AUTH");
    assert_eq!(
        issue(shop, "unknown", CUSTOMER, NOW),
        "INVALID_BILLING_AUTH"
    );
    assert_eq!(
        issue(shop, &key, "somebody-else", NOW),
        "NOT_MATCHES_CUSTOMER_KEY"
    );
    assert_eq!(issue(shop, &key, CUSTOMER, NOW), "ok");
    assert_eq!(issue(shop, &key, CUSTOMER, NOW), "INVALID_BILLING_AUTH");
    let key = auth_key(&mut state, shop, working_card(), NOW);
    let ttl = Rules::default().auth_key_ttl;
    let late = state.issue(shop, &key, CUSTOMER, NOW + ttl + Duration::SECOND);
    assert_eq!(late.unwrap_err().code, "INVALID_BILLING_AUTH");
    assert!(state.issue(shop, &key, CUSTOMER, NOW + ttl).is_ok());
}

#[test]
fn a_billing_key_looks_like_one_and_is_unlike_any_other() {
    let (mut state, shop) = toss();
    let first = billing_key(&mut state, shop, working_card());
    let second = billing_key(&mut state, shop, working_card());
    assert_eq!((first.len(), first.ends_with('=')), (44, true));
    assert_ne!(first, second);
}

#[test]
fn a_charge_is_done_at_once_and_tells_nobody() {
    let (mut state, shop) = toss();
    let key = billing_key(&mut state, shop, working_card());
    let payment = state.charge(shop, &key, &charge("sub-001"), NOW).unwrap();
    assert_eq!(
        (payment.status, payment.approved_at),
        (Status::Done, Some(NOW))
    );
    assert!(matches!(payment.means, Means::Card { .. }));
    assert!(payment.secret.is_some());
    assert!(callbacks(&mut state).is_empty());
    let found = state.lookup_order(shop, "sub-001", NOW).unwrap();
    assert_eq!(found.total, 4_900);
}

#[test]
fn a_charge_is_refused_by_name() {
    let (mut state, shop) = toss();
    let other = other_shop(&state);
    let key = billing_key(&mut state, shop, working_card());
    state.charge(shop, &key, &charge("sub-001"), NOW).unwrap();
    let cases: [(Shop, &str, ChargeRequest, &str); 10] = [
        (
            shop,
            "nothing",
            charge("sub-002"),
            "INVALID_BILL_KEY_REQUEST",
        ),
        (other, &key, charge("sub-002"), "INVALID_BILL_KEY_REQUEST"),
        (
            shop,
            &key,
            ChargeRequest {
                customer_key: "other".into(),
                ..charge("sub-002")
            },
            "NOT_MATCHES_CUSTOMER_KEY",
        ),
        (
            shop,
            &key,
            ChargeRequest {
                customer_key: "a".repeat(301),
                ..charge("sub-002")
            },
            "FAILED_DB_PROCESSING",
        ),
        (shop, &key, charge("sub-001"), "DUPLICATED_ORDER_ID"),
        (shop, &key, charge("짧음"), "INVALID_ORDER_ID"),
        (
            shop,
            &key,
            ChargeRequest {
                order_name: "가".repeat(101),
                ..charge("sub-002")
            },
            "INVALID_ORDER_NAME",
        ),
        (
            shop,
            &key,
            ChargeRequest {
                amount: 0,
                ..charge("sub-002")
            },
            "BELOW_ZERO_AMOUNT",
        ),
        (
            shop,
            &key,
            ChargeRequest {
                amount: 99,
                ..charge("sub-002")
            },
            "BELOW_MINIMUM_AMOUNT",
        ),
        (
            shop,
            &key,
            ChargeRequest {
                tax_free: u64::MAX,
                ..charge("sub-002")
            },
            "INVALID_REQUEST",
        ),
    ];
    for (shop, key, request, code) in cases {
        let refused = state.charge(shop, key, &request, NOW).unwrap_err();
        assert_eq!(refused.code, code);
    }
    assert_eq!(state.payments().len(), 1, "a refusal leaves no payment");
}

#[test]
fn every_magic_card_and_account_does_what_it_says() {
    for magic in &MAGIC_CARDS {
        let (mut state, shop) = toss();
        let auth = auth_key(&mut state, shop, card(magic.number), NOW);
        let issued = state
            .issue(shop, &auth, CUSTOMER, NOW)
            .map(|record| record.key.expose().to_owned());
        match (magic.on_issue, issued) {
            (Ok(()), Ok(key)) => {
                for (earlier, order) in (0..).zip(["sub-001", "sub-002", "sub-003"]) {
                    let got = state.charge(shop, &key, &charge(order), NOW);
                    let want = magic.on_charge.verdict(earlier);
                    assert_eq!(
                        got.map(|_| ()).map_err(|refusal| refusal.code),
                        want,
                        "{} {order}",
                        magic.number
                    );
                }
            }
            (Err(row), Err(refusal)) => {
                assert_eq!(refusal.code, row);
                // The one-time key is used up by a refusal of the card.
                let again = state.issue(shop, &auth, CUSTOMER, NOW).unwrap_err();
                assert_eq!(again.code, "INVALID_BILLING_AUTH");
            }
            (want, got) => panic!("{}: {want:?} {got:?}", magic.number),
        }
    }
    for account in &ACCOUNTS {
        let (mut state, shop) = toss();
        let instrument = Instrument::Account {
            account,
            hidden: false,
        };
        let key = billing_key(&mut state, shop, instrument);
        let got = state.charge(shop, &key, &charge("sub-001"), NOW);
        assert_eq!(got.is_ok(), account.on_charge == OnCharge::Approve);
    }
}

#[test]
fn a_billing_key_dies_with_its_card() {
    let (mut state, shop) = toss();
    let key = billing_key(&mut state, shop, working_card());
    let last = datetime!(2030-12-31 23:59:59 +9);
    assert!(state.charge(shop, &key, &charge("sub-001"), last).is_ok());
    let refused = state
        .charge(shop, &key, &charge("sub-002"), last + Duration::SECOND)
        .unwrap_err();
    assert_eq!(refused.code, "INVALID_CARD_EXPIRATION");
}

#[test]
fn a_declined_order_may_be_charged_again() {
    let (mut state, shop) = toss();
    let key = billing_key(&mut state, shop, card("9410000000000006"));
    assert!(state.charge(shop, &key, &charge("sub-001"), NOW).is_err());
    assert!(state.charge(shop, &key, &charge("sub-001"), NOW).is_ok());
}
