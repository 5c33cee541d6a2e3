//! Every method of `requestPayment` from window to confirm.

use super::*;
use crate::{
    errors::ErrorCode,
    instrument::ACCOUNTS,
    method::{Carrier, Choice},
    operations::{
        CancelRequest, KeyInRequest,
        settlements::{DateType, SettlementPage},
    },
    payment::{Means, Status},
};

fn open(state: &mut State, shop: Shop, method: PayMethod, order: &str, amount: u64) -> String {
    let form = PaymentForm {
        method,
        ..form(order, amount)
    };
    state
        .open_payment(shop, Target::Page, redirect(), form, NOW)
        .unwrap()
}

fn key_of(ending: WindowOutcome) -> String {
    match ending {
        WindowOutcome::Authenticated { payment_key, .. } => payment_key,
        other => panic!("{other:?}"),
    }
}

fn one_card(number: &str) -> Card {
    Card::read(number, "12/30", "900101", "12", NOW).unwrap()
}

fn by_card(installment: u8) -> Choice {
    Choice::Card {
        card: one_card(WORKING_CARD),
        installment,
    }
}

fn by_account(at: usize) -> Choice {
    Choice::Transfer {
        account: &ACCOUNTS[at],
        cash_receipt: CashReceiptChoice::IncomeDeduction,
    }
}

/// Chooses and confirms; returns the code of a refusal.
fn pay(method: PayMethod, choice: Choice, amount: u64) -> Result<(State, Shop, String), String> {
    let (mut state, shop) = toss();
    let window = open(&mut state, shop, method, "order-1", amount);
    let key = key_of(state.choose(&window, choice, None, NOW).unwrap());
    match state.confirm(shop, &key, "order-1", won(amount), NOW) {
        Ok(_) => Ok((state, shop, key)),
        Err(refusal) => {
            let payment = state.lookup_key(shop, &key, NOW).unwrap();
            assert_eq!(payment.status, Status::Aborted);
            let failure = payment.failure.as_ref().unwrap();
            assert_eq!(failure.code, refusal.code.as_str());
            Err(refusal.code.to_string())
        }
    }
}

#[test]
fn every_method_is_paid_by_confirm_except_the_virtual_account() {
    let choices = [
        (PayMethod::Card, by_card(0)),
        (
            PayMethod::Card,
            Choice::EasyPay {
                provider: "토스페이".into(),
                card: None,
            },
        ),
        (PayMethod::Transfer, by_account(0)),
        (PayMethod::VirtualAccount, Choice::VirtualAccount(choice())),
        (
            PayMethod::MobilePhone,
            Choice::MobilePhone {
                carrier: Carrier::Skt,
                number: "01012345678".into(),
            },
        ),
        (PayMethod::CultureGiftCertificate, Choice::GiftCertificate),
        (PayMethod::BookGiftCertificate, Choice::GiftCertificate),
        (PayMethod::GameGiftCertificate, Choice::GiftCertificate),
        (
            PayMethod::ForeignEasyPay,
            Choice::ForeignEasyPay {
                provider: "PAYPAL".into(),
                country: "US".into(),
            },
        ),
    ];
    for (method, choice) in choices {
        let (mut state, shop, key) = pay(method, choice, 15_000).unwrap();
        let payment = state.lookup_key(shop, &key, NOW).unwrap();
        let (expected, approved) = match method {
            PayMethod::VirtualAccount => (Status::WaitingForDeposit, None),
            _ => (Status::Done, Some(NOW)),
        };
        assert_eq!((payment.status, payment.approved_at), (expected, approved));
        assert_eq!(
            payment.means.receipt().is_some(),
            method == PayMethod::Transfer
        );
        let again = state.confirm(shop, &key, "order-1", won(15_000), NOW);
        assert_eq!(again.unwrap_err().code, "ALREADY_PROCESSED_PAYMENT");
    }
}

#[test]
fn what_the_bank_or_toss_declines_is_aborted() {
    let number = |number| Choice::Card {
        card: one_card(number),
        installment: 0,
    };
    let card = PayMethod::Card;
    for (method, choice, amount, code) in [
        (
            card,
            number("9410000000000001"),
            15_000,
            "REJECT_CARD_PAYMENT",
        ),
        (
            card,
            number("9410000000000011"),
            15_000,
            "INVALID_STOPPED_CARD",
        ),
        (card, by_card(0), 99, "BELOW_MINIMUM_AMOUNT"),
        (card, by_card(13), 60_000, "INVALID_CARD_INSTALLMENT_PLAN"),
        (
            card,
            by_card(3),
            49_999,
            "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT",
        ),
        (
            PayMethod::Transfer,
            by_account(1),
            15_000,
            "REJECT_ACCOUNT_PAYMENT",
        ),
        (
            PayMethod::Transfer,
            by_account(0),
            199,
            "BELOW_MINIMUM_AMOUNT",
        ),
        (
            PayMethod::Transfer,
            by_account(0),
            10_000_001,
            "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM",
        ),
    ] {
        assert_eq!(pay(method, choice, amount).err().as_deref(), Some(code));
    }
    assert!(pay(card, by_card(12), 50_000).is_ok());
}

#[test]
fn a_window_decides_the_outcome_when_it_was_told_to() {
    let (mut state, shop) = toss();
    let window = open(&mut state, shop, PayMethod::Card, "order-1", 15_000);
    let refusal = Some(ErrorCode::ExceedMaxDailyPaymentCount);
    let ending = state.choose(&window, by_card(0), refusal, NOW).unwrap();
    let key = key_of(ending);
    let refused = state.confirm(shop, &key, "order-1", won(15_000), NOW);
    assert_eq!(refused.unwrap_err().code, "EXCEED_MAX_DAILY_PAYMENT_COUNT");
    // The order number is free: nothing was paid.
    let window = open(&mut state, shop, PayMethod::Card, "order-1", 15_000);
    let key = key_of(state.choose(&window, by_card(0), None, NOW).unwrap());
    assert!(
        state
            .confirm(shop, &key, "order-1", won(15_000), NOW)
            .is_ok()
    );
}

#[test]
fn a_window_takes_only_its_own_method() {
    let (mut state, shop) = toss();
    let window = open(&mut state, shop, PayMethod::Transfer, "order-1", 15_000);
    let refused = state.choose(&window, by_card(0), None, NOW).unwrap_err();
    assert_eq!(refused.code, "NOT_SUPPORTED_METHOD");
    assert!(state.choose(&window, by_account(0), None, NOW).is_ok());
}

#[test]
fn dollars_are_kept_to_the_cent() {
    let (mut state, shop) = toss();
    let form = PaymentForm {
        method: PayMethod::ForeignEasyPay,
        currency: Currency::Usd,
        ..form("order-1", 18_156)
    };
    let window = state
        .open_payment(shop, Target::Page, redirect(), form, NOW)
        .unwrap();
    let choice = Choice::ForeignEasyPay {
        provider: "PAYPAL".into(),
        country: "US".into(),
    };
    let key = key_of(state.choose(&window, choice, None, NOW).unwrap());
    let refused = state.confirm(shop, &key, "order-1", won(181), NOW);
    assert_eq!(refused.unwrap_err().code, "INVALID_REQUEST");
    let sum = Sum::read("181.56").unwrap();
    let payment = state.confirm(shop, &key, "order-1", sum, NOW).unwrap();
    assert!(matches!(payment.means, Means::ForeignEasyPay { .. }));
}

#[test]
fn a_card_that_was_told_to_the_merchant_pays_at_once_or_leaves_nothing() {
    let (mut state, shop) = toss();
    let request = |number: &str, order: &str| KeyInRequest {
        amount: 15_000,
        order_id: order.into(),
        order_name: "티셔츠".into(),
        card: one_card(number),
        installment: 0,
        tax_free: 0,
    };
    let payment = state
        .key_in(shop, &request(WORKING_CARD, "order-1"), NOW)
        .unwrap();
    assert_eq!(
        (payment.status, payment.approved_at),
        (Status::Done, Some(NOW))
    );
    let code = |refused: Result<&crate::Payment, Refusal>| refused.unwrap_err().code;
    let again = state.key_in(shop, &request(WORKING_CARD, "order-1"), NOW);
    assert_eq!(code(again), ErrorCode::DuplicatedOrderId);
    let declined = state.key_in(shop, &request("9410000000000001", "order-2"), NOW);
    assert_eq!(code(declined), ErrorCode::RejectCardPayment);
    let parts = KeyInRequest {
        installment: 3,
        ..request(WORKING_CARD, "order-2")
    };
    assert_eq!(
        code(state.key_in(shop, &parts, NOW)),
        ErrorCode::NotSupportedMonthlyInstallmentPlanBelowAmount
    );
    assert_eq!(state.payments().len(), 1);
}

#[test]
fn what_is_paid_out_is_what_came_in_less_the_fee_and_cancels_take_it_back() {
    let (state, shop, key) = pay(PayMethod::Card, by_card(0), 10_000).unwrap();
    let mut state = state;
    let cancel = CancelRequest {
        reason: "x".into(),
        ..CancelRequest::default()
    };
    state
        .refund(shop, &key, &cancel, NOW + Duration::DAY)
        .unwrap();
    let page = |dates, day: time::Date| SettlementPage {
        from: day,
        until: day,
        dates,
        page: 1,
        size: 10,
    };
    let today = NOW.date();
    let sold = state
        .settlements(shop, &page(DateType::Sold, today))
        .unwrap();
    assert_eq!(sold.len(), 1);
    assert_eq!(
        (sold[0].amount, sold[0].fee(), sold[0].paid_out_amount()),
        (10_000, 330, 9_670)
    );
    let back = state
        .settlements(shop, &page(DateType::PaidOut, today + Duration::days(3)))
        .unwrap();
    assert_eq!(
        (back[0].amount, back[0].paid_out_amount()),
        (-10_000, -9_670)
    );
    let second = SettlementPage {
        page: 2,
        size: 1,
        ..page(DateType::Sold, today)
    };
    assert!(state.settlements(shop, &second).unwrap().is_empty());
}
