//! What `requestPayment` and `requestBillingAuth` sent, read into what the state machine takes.

use serde_json::Map;
use toss_checkout_contract::{CustomerKey, Method, OrderId};
use toss_model::{
    ErrorCode, Refusal,
    method::{Carrier, PayMethod},
    money::Currency,
    payment::CashReceiptChoice,
    window::{BillingForm, Offer, PaymentForm, TestResult},
};

use super::fields::Fields;

/// What a number in JavaScript can count, in the smallest unit of the currency.
const MAX_AMOUNT: u64 = (1 << 53) - 1;

/// The SDK's marker of a guest. Source: `ANONYMOUS` of the npm package's typings.
const ANONYMOUS: &str = "@@ANONYMOUS";

/// Registration of a card or an account.
pub(super) fn billing(
    request: Fields<'_>,
    method: Method,
    customer: CustomerKey,
) -> Result<BillingForm, Refusal> {
    let corporate = request.texts("selectableCardTypes")?.first() == Some(&"CORPORATE");
    let direct = request.text("flowMode")? == Some("DIRECT");
    Ok(BillingForm {
        method,
        customer,
        customer_name: request.short("customerName", 100)?,
        corporate,
        easy_pay: request
            .short("easyPay", 40)?
            .filter(|_| direct)
            .map(easy_pay),
    })
}

/// The name that Toss's answers have for an easy pay service; the SDK takes its code, too.
/// Source: <https://docs.tosspayments.com/codes/enum-codes>.
fn easy_pay(code: String) -> String {
    let name = match &*code {
        "TOSSPAY" => "토스페이",
        "NAVERPAY" => "네이버페이",
        "KAKAOPAY" => "카카오페이",
        "SAMSUNGPAY" => "삼성페이",
        "APPLEPAY" => "애플페이",
        "PAYCO" => "페이코",
        "LPAY" => "엘페이",
        "SSG" => "SSG페이",
        "PINPAY" => "핀페이",
        _ => return code,
    };
    name.to_owned()
}

/// One payment.
pub(super) fn payment(
    request: Fields<'_>,
    method: PayMethod,
    customer: &CustomerKey,
) -> Result<PaymentForm, Refusal> {
    let none = Map::new();
    let block = match block(method) {
        Some(name) => request.object(name)?,
        None => None,
    };
    let block = block.unwrap_or(Fields(&none));
    let asked = request.object("amount")?.ok_or(ErrorCode::RequiredAmount)?;
    let currency = currency(asked.text("currency")?.unwrap_or_default(), method, block)?;
    let amount = asked
        .sum("value")
        .ok()
        .flatten()
        .and_then(|sum| currency.exact(sum))
        .filter(|amount| (1..=MAX_AMOUNT).contains(amount))
        .ok_or(ErrorCode::BelowZeroAmount)?;
    let part = |fields: Fields<'_>, name| match fields.sum(name)? {
        Some(sum) => currency.exact(sum).ok_or(ErrorCode::InvalidRequest),
        None => Ok(0),
    };
    let tax_free = part(request, "taxFreeAmount")?;
    let tax_exemption = part(block, "taxExemptionAmount")?;
    if tax_free.saturating_add(tax_exemption) > amount {
        return Err(ErrorCode::InvalidRequest.into());
    }
    Ok(PaymentForm {
        method,
        currency,
        order_id: OrderId::new(request.text("orderId")?.unwrap_or_default())
            .map_err(|_| ErrorCode::InvalidOrderId)?,
        order_name: request
            .short("orderName", 100)?
            .filter(|name| !name.is_empty())
            .ok_or(ErrorCode::InvalidOrderName)?,
        customer_key: Some(customer.expose())
            .filter(|key| *key != ANONYMOUS)
            .map(str::to_owned),
        amount,
        tax_free,
        tax_exemption,
        valid_hours: block
            .number("validHours")?
            .map(|hours| u16::try_from(hours).unwrap_or(u16::MAX)),
        due_date: block.short("dueDate", 40)?,
        use_escrow: block.flag("useEscrow")?,
        culture_expense: block.flag("isCulturalExpenses")?,
        metadata: request.metadata("metadata")?,
        offer: offer(request, block, method)?,
    })
}

/// The field that holds what only this method has.
fn block(method: PayMethod) -> Option<&'static str> {
    match method {
        PayMethod::Card => Some("card"),
        PayMethod::Transfer => Some("transfer"),
        PayMethod::VirtualAccount => Some("virtualAccount"),
        PayMethod::MobilePhone => Some("mobilePhone"),
        PayMethod::ForeignEasyPay => Some("foreignEasyPay"),
        PayMethod::CultureGiftCertificate
        | PayMethod::BookGiftCertificate
        | PayMethod::GameGiftCertificate => None,
    }
}

/// Source: `amount.currency` of <https://docs.tosspayments.com/sdk/v2/js>. That PAYPAY takes yen is assumed.
fn currency(name: &str, method: PayMethod, block: Fields<'_>) -> Result<Currency, Refusal> {
    let currency = Currency::read(name).ok_or(ErrorCode::InvalidCurrency)?;
    let taken = match method {
        PayMethod::ForeignEasyPay => match block.text("provider")? {
            Some("PAYPAL") => currency == Currency::Usd,
            Some("PAYPAY") => currency == Currency::Jpy,
            _ => return Err(ErrorCode::NotSupportedMethod.into()),
        },
        PayMethod::Card if block.flag("useInternationalCardOnly")? => true,
        _ => currency == Currency::Krw,
    };
    if taken {
        Ok(currency)
    } else {
        Err(ErrorCode::InvalidCurrency.into())
    }
}

fn offer(request: Fields<'_>, block: Fields<'_>, method: PayMethod) -> Result<Offer, Refusal> {
    let cash_receipt = match block.object("cashReceipt")? {
        Some(receipt) => receipt.text("type")?.map(CashReceiptChoice::read),
        None => None,
    };
    let months = |name| -> Result<Option<u8>, ErrorCode> {
        match block.number(name)? {
            Some(months @ (0 | 2..=12)) => Ok(u8::try_from(months).ok()),
            Some(_) => Err(ErrorCode::InvalidCardInstallmentPlan),
            None => Ok(None),
        }
    };
    let known = request.short("customerMobilePhone", 15)?;
    let asks = method == PayMethod::MobilePhone || block.flag("showCustomerMobilePhone")?;
    let direct = block.text("flowMode")? == Some("DIRECT");
    let carriers = block.texts("mobileCarriers")?.into_iter();
    let result = match request.object("sandbox")? {
        Some(sandbox) => match sandbox.text("paymentResult")? {
            Some("SUCCESS") => Some(TestResult::Success),
            Some("FAIL") => Some(TestResult::Fail),
            _ => return Err(ErrorCode::InvalidRequest.into()),
        },
        None => None,
    };
    Ok(Offer {
        customer_name: request.short("customerName", 100)?,
        cash_receipt: cash_receipt
            .map(|read| read.ok_or(ErrorCode::InvalidRequest))
            .transpose()?,
        phone: asks.then(|| known.unwrap_or_else(|| "01012345678".to_owned())),
        installment: months("cardInstallmentPlan")?,
        max_installment: months("maxCardInstallmentPlan")?,
        provider: match method {
            PayMethod::ForeignEasyPay => block.short("provider", 40)?,
            _ => block.short("easyPay", 40)?.filter(|_| direct).map(easy_pay),
        },
        card_company: block.short("cardCompany", 40)?,
        country: block.short("country", 2)?,
        carriers: carriers
            .map(|name| Carrier::read(name).ok_or(ErrorCode::InvalidRequest))
            .collect::<Result<_, _>>()?,
        result,
    })
}
