use toss_checkout_contract::SessionId;

use super::*;
use crate::clock::Millis;

const MINUTE: Duration = Duration::from_mins(1);
const LATE: Duration = Duration::from_mins(10);

fn attempt(kind: AttemptKind, key: &str, status: AttemptStatus) -> Attempt {
    Attempt {
        id: "attempt".into(),
        session_id: SessionId::new("cs_0123456789abcdefABCDEF").unwrap(),
        kind,
        key_digest: Some(key.into()),
        sealed_key: None,
        idempotency_key: "key".into(),
        order_id: None,
        amount: None,
        status,
        failure: None,
        tries: 0,
        lease_until: Millis(0),
        created_at: Millis(0),
        consent: None,
    }
}

fn admitted(status: SessionStatus, attempts: &[Attempt], past_end: Option<Duration>) -> Admission {
    admit(status, attempts, AttemptKind::Confirm, "a", past_end, LATE)
}

#[test]
fn a_first_key_begins_wherever_nothing_is_finished() {
    for status in SessionStatus::ALL {
        let expected = if status.is_finished() {
            Admission::Finished
        } else {
            Admission::Start
        };
        assert_eq!(admitted(status, &[], None), expected, "{status:?}");
        assert_eq!(admitted(status, &[], Some(LATE)), expected, "{status:?}");
    }
}

#[test]
fn a_key_that_comes_too_late_does_not_begin_but_is_still_answered() {
    let past = Some(LATE + MINUTE);
    assert_eq!(admitted(SessionStatus::Open, &[], past), Admission::Expired);
    assert_eq!(
        admitted(SessionStatus::Failed, &[], past),
        Admission::Expired
    );
    let done = [attempt(AttemptKind::Confirm, "a", AttemptStatus::Succeeded)];
    for status in [SessionStatus::Paid, SessionStatus::Expired] {
        assert_eq!(admitted(status, &done, past), Admission::Answer(0));
    }
}

/// Every status of the session, with every outcome of the same key and of another key.
#[test]
#[expect(clippy::match_same_arms, reason = "one line per rule")]
fn a_key_reaches_toss_once_whatever_the_session_says() {
    use AttemptStatus as A;
    for status in SessionStatus::ALL {
        for outcome in [A::Pending, A::Unknown, A::Succeeded, A::Declined] {
            let same = [attempt(AttemptKind::Confirm, "a", outcome)];
            let expected = match outcome {
                A::Pending => Admission::Wait,
                A::Unknown => Admission::Unknown,
                A::Succeeded => Admission::Answer(0),
                A::Declined if status.is_finished() => Admission::Finished,
                A::Declined => Admission::Answer(0),
            };
            assert_eq!(
                admitted(status, &same, None),
                expected,
                "{status:?} {outcome:?}"
            );

            let other = [attempt(AttemptKind::Confirm, "b", outcome)];
            let expected = match outcome {
                _ if status.is_finished() => Admission::Finished,
                A::Pending => Admission::Wait,
                A::Unknown => Admission::Unknown,
                A::Succeeded => Admission::Finished,
                A::Declined => Admission::Start,
            };
            assert_eq!(
                admitted(status, &other, None),
                expected,
                "{status:?} {outcome:?}"
            );
        }
    }
}

#[test]
fn the_first_charge_is_no_attempt_of_the_page() {
    let charge = [attempt(AttemptKind::Charge, "a", AttemptStatus::Pending)];
    let admission = admit(
        SessionStatus::Open,
        &charge,
        AttemptKind::Issue,
        "a",
        None,
        LATE,
    );
    assert_eq!(admission, Admission::Start);
}

const MONEY: [Money; 8] = [
    Money::NotConfirmed,
    Money::Awaited,
    Money::NeverCame,
    Money::Here,
    Money::PartlyBack,
    Money::Back,
    Money::GivenUp,
    Money::Unreadable,
];

/// Every status with everything that Toss can say.
#[test]
fn toss_decides_where_the_money_is() {
    use SessionStatus as S;
    for status in SessionStatus::ALL {
        for said in MONEY {
            let billing = matches!(status, S::Issuing | S::Registered | S::Active);
            let expected = match said {
                _ if billing => None,
                Money::NotConfirmed | Money::Unreadable => None,
                Money::Awaited => Some(S::WaitingForDeposit),
                Money::Here => Some(S::Paid),
                Money::PartlyBack => Some(S::PartiallyCanceled),
                Money::Back => Some(S::Canceled),
                Money::NeverCame => Some(S::Expired),
                Money::GivenUp => match status {
                    S::Confirming | S::Authenticated | S::Unknown => Some(S::Failed),
                    S::WaitingForDeposit => Some(S::Expired),
                    _ => None,
                },
            };
            assert_eq!(after(status, said), expected, "{status:?} {said:?}");
        }
    }
}

#[test]
fn a_deposit_may_be_taken_back_and_come_again() {
    use SessionStatus as S;
    let mut status = S::Confirming;
    for (said, becomes) in [
        (Money::Awaited, S::WaitingForDeposit),
        (Money::Here, S::Paid),
        (Money::Awaited, S::WaitingForDeposit),
        (Money::NeverCame, S::Expired),
        // Late, but it is there.
        (Money::Here, S::Paid),
        (Money::PartlyBack, S::PartiallyCanceled),
        (Money::Back, S::Canceled),
    ] {
        status = after(status, said).unwrap();
        assert_eq!(status, becomes);
    }
}

fn payment(status: &str, more: &str) -> PaymentObject {
    serde_json::from_str(&format!(
        r#"{{"paymentKey":"key","orderId":"order-1","totalAmount":100,"status":"{status}"{more}}}"#
    ))
    .unwrap()
}

#[test]
fn money_is_read_from_status_balance_and_account() {
    let account = |expired: &str| {
        format!(
            r#","virtualAccount":{{"bankCode":"20","accountNumber":"X1","dueDate":"2026-11-21T09:00:00","expired":{expired}}}"#
        )
    };
    for (status, more, expected) in [
        ("READY", String::new(), Money::NotConfirmed),
        ("IN_PROGRESS", String::new(), Money::NotConfirmed),
        ("WAITING_FOR_DEPOSIT", String::new(), Money::Awaited),
        ("WAITING_FOR_DEPOSIT", account("false"), Money::Awaited),
        ("WAITING_FOR_DEPOSIT", account("null"), Money::Awaited),
        ("WAITING_FOR_DEPOSIT", account("true"), Money::NeverCame),
        ("DONE", account("true"), Money::Here),
        ("CANCELED", String::new(), Money::Back),
        (
            "PARTIAL_CANCELED",
            r#","balanceAmount":1"#.into(),
            Money::PartlyBack,
        ),
        (
            "PARTIAL_CANCELED",
            r#","balanceAmount":0"#.into(),
            Money::Back,
        ),
        ("PARTIAL_CANCELED", String::new(), Money::PartlyBack),
        ("ABORTED", String::new(), Money::GivenUp),
        ("EXPIRED", String::new(), Money::GivenUp),
        ("ADDED_LATER", String::new(), Money::Unreadable),
    ] {
        assert_eq!(money(&payment(status, &more)), expected, "{status} {more}");
    }
}
