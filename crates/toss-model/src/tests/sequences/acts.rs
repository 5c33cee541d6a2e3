//! What can happen.

use proptest::prelude::*;

use super::super::*;
use crate::{
    Payment,
    instrument::ACCOUNTS,
    method::{Carrier, Choice},
    payment::Origin,
};

/// Something that a buyer, a merchant, a bank or a tester does.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// A window for this method, order and amount.
    Open {
        method: usize,
        order: u8,
        amount: u64,
    },
    /// The buyer finishes a window, with a working or a declined instrument.
    Choose {
        window: usize,
        declined: bool,
    },
    GiveUp {
        window: usize,
    },
    /// The merchant confirms, with the right or another amount.
    Confirm {
        payment: usize,
        right: bool,
    },
    Charge {
        order: u8,
        amount: u64,
    },
    Account {
        order: u8,
        amount: u64,
    },
    Refund {
        payment: usize,
        amount: Option<u64>,
        tax_free: Option<u64>,
        account: bool,
    },
    Deposit {
        payment: usize,
    },
    Reverse {
        payment: usize,
    },
    Expire {
        payment: usize,
    },
    Cancel {
        payment: usize,
    },
    Wait {
        seconds: i64,
    },
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    let any = any::<prop::sample::Index>;
    let at = move || any().prop_map(|index| index.index(1 << 16));
    let order = || 0..8_u8;
    let amount = || prop_oneof![Just(15_000_u64), 1..400_u64, Just(60_000)];
    let part = || prop::option::of(prop_oneof![0..20_000_u64, Just(5_000)]);
    prop_oneof![
        3 => (0..8_usize, order(), amount()).prop_map(|(method, order, amount)| Act::Open { method, order, amount }),
        4 => (at(), any().prop_map(|i| i.index(5) == 0)).prop_map(|(window, declined)| Act::Choose { window, declined }),
        1 => at().prop_map(|window| Act::GiveUp { window }),
        4 => (at(), any().prop_map(|i| i.index(8) > 0)).prop_map(|(payment, right)| Act::Confirm { payment, right }),
        1 => (order(), amount()).prop_map(|(order, amount)| Act::Charge { order, amount }),
        1 => (order(), amount()).prop_map(|(order, amount)| Act::Account { order, amount }),
        4 => (at(), part(), part(), any().prop_map(|i| i.index(4) > 0))
            .prop_map(|(payment, amount, tax_free, account)| Act::Refund { payment, amount, tax_free, account }),
        3 => at().prop_map(|payment| Act::Deposit { payment }),
        1 => at().prop_map(|payment| Act::Reverse { payment }),
        1 => at().prop_map(|payment| Act::Expire { payment }),
        1 => at().prop_map(|payment| Act::Cancel { payment }),
        2 => prop_oneof![0..400_i64, 0..400_000_i64].prop_map(|seconds| Act::Wait { seconds }),
    ]
}

pub(super) fn choice_of(payment: &Payment, declined: bool) -> Option<Choice> {
    let Origin::Window(method) = payment.origin else {
        return None;
    };
    let number = if declined {
        "9410000000000001"
    } else {
        WORKING_CARD
    };
    Some(match method {
        PayMethod::Card => Choice::Card {
            card: Card::read(number, "12/99", "900101", "12", NOW).ok()?,
            installment: 0,
        },
        PayMethod::Transfer => Choice::Transfer {
            account: &ACCOUNTS[usize::from(declined)],
            cash_receipt: CashReceiptChoice::IncomeDeduction,
        },
        PayMethod::VirtualAccount => Choice::VirtualAccount(choice()),
        PayMethod::MobilePhone => Choice::MobilePhone {
            carrier: Carrier::Kt,
            number: "01000000000".into(),
        },
        PayMethod::CultureGiftCertificate
        | PayMethod::BookGiftCertificate
        | PayMethod::GameGiftCertificate => Choice::GiftCertificate,
        PayMethod::ForeignEasyPay => Choice::ForeignEasyPay {
            provider: "PAYPAL".into(),
            country: "US".into(),
        },
    })
}
