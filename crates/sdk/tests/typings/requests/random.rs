//! Requests with a random choice of options.

use proptest::prelude::*;
use toss_payments_sdk::{
    Amount, BillingAuthRequest, BillingMethod, Card, CardBilling, Carrier, Deadline, EscrowProduct,
    FlowMode, ForeignAmount, ForeignProvider, Installments, MobilePhone, PaymentMethod,
    PaymentRequest, Transfer, TransferBilling, VirtualAccount,
};

use super::{
    CARD_TYPES, Cases, GIFTS, KEYIN, LANGUAGES, MAX, Outcome, RECEIPTS, TARGETS, foreign, order,
};
use crate::chance::Chance;

/// One request of each type, with a random choice of options and random values within the limits.
pub(super) fn random(cases: &mut Cases, chance: &mut Chance) -> Outcome<()> {
    let mut card = Card::new()
        .use_escrow(chance.maybe(any::<bool>())?)
        .tax_exemption_amount(chance.maybe(0..=MAX)?)
        .flow_mode(FlowMode::Direct)
        .card_company(optional_text(chance, 40)?)
        .easy_pay(optional_text(chance, 40)?)
        .use_card_point(chance.maybe(any::<bool>())?)
        .use_app_card_only(chance.maybe(any::<bool>())?)
        .discount_code(optional_text(chance, 40)?)
        .deadline(deadline(chance)?)
        .use_international_card_only(chance.maybe(any::<bool>())?)
        .show_estimated_amount(chance.maybe(any::<bool>())?)
        .app_scheme(optional_text(chance, 40)?)
        .show_mobile_app_header(chance.maybe(any::<bool>())?)
        .language(chance.pick(&LANGUAGES)?);
    if chance.of(any::<bool>())? {
        card = card.keyin(chance.some(&KEYIN)?);
    }
    if let Some(months) = chance.maybe(2_u8..=12)? {
        card = card.installments(Installments::UpTo(months));
    }
    let request = any_common(won_of(chance, card)?, chance)?;
    cases.payment(request)?;

    let transfer = Transfer::new()
        .tax_exemption_amount(chance.maybe(0..=MAX)?)
        .cash_receipt(chance.pick(&RECEIPTS)?)
        .use_escrow(chance.maybe(any::<bool>())?)
        .deadline(deadline(chance)?)
        .cultural_expenses(chance.maybe(any::<bool>())?);
    let request = any_common(won_of(chance, transfer)?, chance)?;
    cases.payment(request)?;

    let mut account = VirtualAccount::new()
        .cash_receipt(chance.pick(&RECEIPTS)?)
        .deadline(deadline(chance)?)
        .show_customer_mobile_phone(chance.maybe(any::<bool>())?);
    if let Some(quantity) = chance.maybe(1..=u32::MAX)? {
        let product = EscrowProduct::new()
            .name(chance.text(1, 40)?)
            .quantity(quantity);
        account = account.escrow_products(vec![product].leak());
    }
    let request = any_common(won_of(chance, account)?, chance)?;
    cases.promise(request)?;

    let phone = MobilePhone::new().mobile_carriers(chance.some(&Carrier::ALL)?);
    let request = any_common(won_of(chance, phone)?, chance)?;
    cases.payment(request)?;

    let gift = chance.pick(&GIFTS)?;
    let request = any_common(won_of(chance, gift)?, chance)?;
    cases.payment(request)?;

    let cents = ForeignAmount::usd_cents(chance.of(1..=MAX)?)?;
    let method = foreign(chance.pick(&ForeignProvider::ALL)?)?;
    let name = chance.text(1, 100)?;
    let request = PaymentRequest::new(cents, order("order_1=")?, name, method);
    cases.payment(any_common(request, chance)?)?;

    let mut card = CardBilling::new();
    if chance.of(any::<bool>())? {
        card = card.selectable_card_types(chance.some(&CARD_TYPES)?);
    }
    any_billing(cases, chance, card)?;
    any_billing(cases, chance, TransferBilling)
}

fn optional_text(chance: &mut Chance, max: usize) -> Outcome<Option<&'static str>> {
    let length = chance.maybe(1..=max)?;
    length.map(|length| chance.text(length, length)).transpose()
}

fn deadline(chance: &mut Chance) -> Outcome<Option<Deadline<'static>>> {
    Ok(chance.maybe(1_u16..=2160)?.map(Deadline::ValidHours))
}

fn won_of<M: PaymentMethod<'static, Amount = Amount>>(
    chance: &mut Chance,
    method: M,
) -> Outcome<PaymentRequest<'static, M>> {
    let amount = Amount::won(chance.of(1..=MAX)?)?;
    let order = order(&chance.of("[A-Za-z0-9_=-]{6,64}")?)?;
    Ok(PaymentRequest::new(
        amount,
        order,
        chance.text(1, 100)?,
        method,
    ))
}

fn any_common<M: PaymentMethod<'static>>(
    request: PaymentRequest<'static, M>,
    chance: &mut Chance,
) -> Outcome<PaymentRequest<'static, M>> {
    let phone: Option<&'static str> = chance.maybe("[0-9]{8,15}")?.map(|it| &*it.leak());
    let request = request
        .customer_name(optional_text(chance, 100)?)
        .customer_email(optional_text(chance, 100)?)
        .customer_mobile_phone(phone)
        .tax_free_amount(chance.maybe(0..=MAX)?)
        .window_target(chance.pick(&TARGETS)?);
    if !chance.of(any::<bool>())? {
        return Ok(request);
    }
    let keys = chance.of(proptest::collection::btree_set(
        "[^\\[\\]\\p{C}]{1,40}",
        1..=5,
    ))?;
    let mut pairs = Vec::new();
    for key in keys {
        pairs.push((&*key.leak(), chance.text(0, 60)?));
    }
    Ok(request.metadata(pairs.leak()))
}

fn any_billing(
    cases: &mut Cases,
    chance: &mut Chance,
    method: impl BillingMethod<'static>,
) -> Outcome<()> {
    let request = BillingAuthRequest::new(method, cases.urls)
        .customer_name(optional_text(chance, 100)?)
        .customer_email(optional_text(chance, 100)?)
        .window_target(chance.pick(&TARGETS)?);
    cases.billing(request)
}
