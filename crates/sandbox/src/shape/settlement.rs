//! What `GET /v1/settlements` lists. The names are those of published clients, which transcribe the reference.

use serde::Serialize;
use toss_model::{
    moment::{day, kst},
    operations::settlements::Settlement,
};

use super::{
    Viewer,
    cancel::CancelBody,
    parts::{
        CardBody, EasyPayBody, GiftCertificateBody, MobilePhoneBody, TransferBody,
        VirtualAccountBody,
    },
    payment::method,
};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettlementBody<'a> {
    m_id: &'a str,
    payment_key: &'a str,
    transaction_key: &'a str,
    order_id: &'a str,
    currency: &'static str,
    method: Option<&'static str>,
    amount: i64,
    interest_fee: i64,
    fees: [Fee; 1],
    fee: i64,
    supply_amount: i64,
    vat: i64,
    pay_out_amount: i64,
    approved_at: Option<String>,
    sold_date: String,
    paid_out_date: String,
    card: Option<CardBody<'a>>,
    easy_pay: Option<EasyPayBody<'a>>,
    gift_certificate: Option<GiftCertificateBody<'a>>,
    mobile_phone: Option<MobilePhoneBody>,
    transfer: Option<TransferBody>,
    virtual_account: Option<VirtualAccountBody<'a>>,
    cancel: Option<CancelBody<'a>>,
}

#[derive(Debug, Serialize)]
struct Fee {
    #[serde(rename = "type")]
    kind: &'static str,
    fee: i64,
}

impl<'a> SettlementBody<'a> {
    pub(crate) fn of(one: &Settlement<'a>, viewer: Viewer<'a>) -> Self {
        let payment = one.payment;
        let cancel = payment
            .cancels
            .iter()
            .find(|cancel| cancel.transaction_key == one.transaction.key);
        Self {
            m_id: viewer.m_id,
            payment_key: payment.key.expose(),
            transaction_key: &one.transaction.key,
            order_id: payment.order_id.as_str(),
            currency: payment.currency.as_str(),
            method: method(payment),
            amount: one.amount,
            interest_fee: 0,
            fees: [Fee {
                kind: "BASE",
                fee: one.fee(),
            }],
            fee: one.fee(),
            supply_amount: one.supply,
            vat: one.vat,
            pay_out_amount: one.paid_out_amount(),
            approved_at: payment.approved_at.map(kst),
            sold_date: day(one.sold),
            paid_out_date: day(one.paid_out),
            card: CardBody::of(payment),
            easy_pay: EasyPayBody::of(payment),
            gift_certificate: GiftCertificateBody::of(payment),
            mobile_phone: MobilePhoneBody::of(payment),
            transfer: TransferBody::of(payment),
            virtual_account: VirtualAccountBody::of(payment, viewer.now),
            cancel: cancel.map(|cancel| CancelBody::of(cancel, payment)),
        }
    }
}
