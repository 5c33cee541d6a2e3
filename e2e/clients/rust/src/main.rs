//! Drives the sandbox with `tosspayments-rs`, unmodified: its address is an argument of its own. Prints
//! a line per check and the count; fails when one failed.

use std::{env, future::Future, process::ExitCode, time::SystemTime};

use anyhow::{Context, Result, bail, ensure};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tosspayments::{
    Client, Error, TosspaymentsError,
    api::{
        CancelPayment, CancelPaymentBody, ConfirmBilling, ConfirmBillingBody, ConfirmPayment,
        GetPayment, IssueBillingByAuthKey, IssueBillingCustomerKeyBody, IssueVirtualAccount,
        ListTransactions,
    },
    data::{Account, BankCode, ErrorCode, PaymentMethod, PaymentStatus},
};

const CLIENT_KEY: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
const SECRET_KEY: &str = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
const CUSTOMER: &str = "2f8f0c1f-9d6a-4f0e-8f7e-3b0ad9a41d11";

struct Bench {
    sandbox: String,
    toss: Client,
    http: reqwest::Client,
    run: u128,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let sandbox = env::var("SANDBOX_URL").context("SANDBOX_URL")?;
    let sandbox = sandbox.trim_end_matches('/').to_owned();
    let bench = Bench {
        toss: Client::from_url(&*sandbox, SECRET_KEY),
        http: reqwest::Client::builder()
            .redirect(Policy::none())
            .build()?,
        run: SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)?
            .as_millis(),
        sandbox,
    };
    let mut count = [0, 0];
    told("a card payment", one_payment(&bench), &mut count).await;
    told("a virtual account", virtual_account(&bench), &mut count).await;
    told(
        "automatic payment by window",
        registered(&bench),
        &mut count,
    )
    .await;
    told(
        "automatic payment by card number",
        card_number(&bench),
        &mut count,
    )
    .await;
    told("refusals", refusals(&bench), &mut count).await;
    told("transactions", transactions(&bench), &mut count).await;
    let [passed, failed] = count;
    let word = if failed == 0 { "ok" } else { "FAILED" };
    println!("test result: {word}. {passed} passed; {failed} failed;");
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn told(name: &str, check: impl Future<Output = Result<()>>, count: &mut [u32; 2]) {
    match check.await {
        Ok(()) => {
            count[0] += 1;
            println!("ok      {name}");
        }
        Err(error) => {
            count[1] += 1;
            println!("FAILED  {name}: {error:#}");
        }
    }
}

impl Bench {
    fn order(&self, name: &str) -> String {
        format!("rust-{name}-{}", self.run)
    }

    /// What the buyer does in a window; answers a parameter of the return address.
    async fn in_window(
        &self,
        kind: &str,
        request: Value,
        page: &str,
        name: &str,
    ) -> Result<String> {
        let body = json!({
            "clientKey": CLIENT_KEY, "customerKey": CUSTOMER, "kind": kind, "target": "self", "request": request,
        });
        let opened = self
            .http
            .post(format!("{}/sandbox/window", self.sandbox))
            .json(&body)
            .send()
            .await?;
        let opened: Value = opened.error_for_status()?.json().await?;
        let window = opened["url"].as_str().context("no window")?;
        let card = [
            ("number", "9410 0012 3456 7890"),
            ("expiry", "12/30"),
            ("identity", "900101"),
            ("password", "12"),
            ("agree", "1"),
            ("installment", "0"),
        ];
        let left = self
            .http
            .post(format!("{}{window}/{page}", self.sandbox))
            .form(&card)
            .send()
            .await?;
        let address = left
            .headers()
            .get("location")
            .context("nobody was sent back")?
            .to_str()?;
        let address = reqwest::Url::parse(address)?;
        let found = address.query_pairs().find(|(key, _)| key == name);
        Ok(found
            .with_context(|| format!("{name} in {address}"))?
            .1
            .into_owned())
    }
}

fn request(order: &str) -> Value {
    json!({
        "method": "CARD", "amount": {"value": 15_000, "currency": "KRW"}, "orderId": order, "orderName": "티셔츠 1장",
        "successUrl": "https://shop.example/success", "failUrl": "https://shop.example/fail",
    })
}

async fn one_payment(bench: &Bench) -> Result<()> {
    let order = bench.order("card");
    let key = bench
        .in_window("payment", request(&order), "pay", "paymentKey")
        .await?;
    let confirm = ConfirmPayment::builder()
        .payment_key(key.clone())
        .order_id(order.clone())
        .amount(15_000)
        .build();
    let paid = bench.toss.execute(&confirm).await?;
    ensure!(
        paid.status == PaymentStatus::Done && paid.method == Some(PaymentMethod::Card),
        "{paid:?}"
    );
    ensure!(
        paid.card.is_some() && paid.vat == 1_364 && paid.supplied_amount == 13_636,
        "{paid:?}"
    );
    let by_order = bench.toss.execute(&GetPayment::OrderId(order)).await?;
    ensure!(by_order.payment_key == key, "{by_order:?}");

    let part = CancelPaymentBody::builder()
        .cancel_reason("단순 변심".to_owned())
        .cancel_amount(Some(5_000))
        .build();
    let part = CancelPayment::builder()
        .payment_key(key.clone())
        .body(part)
        .idempotency_key(Some(bench.order("cancel")));
    let part = part.build();
    let first = bench.toss.execute(&part).await?;
    let again = bench.toss.execute(&part).await?;
    ensure!(
        first.status == PaymentStatus::PartialCanceled && first.balance_amount == 10_000,
        "{first:?}"
    );
    ensure!(
        again.balance_amount == 10_000,
        "the same key has cancelled twice: {again:?}"
    );
    let rest = CancelPaymentBody::builder()
        .cancel_reason("단순 변심".to_owned())
        .build();
    let rest = bench
        .toss
        .execute(&CancelPayment::builder().payment_key(key).body(rest).build())
        .await?;
    // Measured: a payment that was cancelled in part stays so; the balance tells that all is gone.
    ensure!(
        rest.status == PaymentStatus::PartialCanceled && rest.balance_amount == 0,
        "{rest:?}"
    );
    ensure!(rest.cancels.map(|all| all.len()) == Some(2));

    let order = bench.order("whole");
    let key = bench
        .in_window("payment", request(&order), "pay", "paymentKey")
        .await?;
    let confirm = ConfirmPayment::builder()
        .payment_key(key.clone())
        .order_id(order)
        .amount(15_000)
        .build();
    bench.toss.execute(&confirm).await?;
    let all = CancelPaymentBody::builder()
        .cancel_reason("단순 변심".to_owned())
        .build();
    let all = bench
        .toss
        .execute(&CancelPayment::builder().payment_key(key).body(all).build())
        .await?;
    ensure!(
        all.status == PaymentStatus::Canceled && all.balance_amount == 0,
        "{all:?}"
    );
    Ok(())
}

async fn virtual_account(bench: &Bench) -> Result<()> {
    let issue = IssueVirtualAccount::builder()
        .amount(15_000)
        .order_id(bench.order("account"))
        .order_name("티셔츠 1장".to_owned())
        .customer_name("김토스".to_owned())
        .bank(BankCode::우리은행)
        .valid_hours(Some(24))
        .build();
    let issued = bench.toss.execute(&issue).await?;
    ensure!(
        issued.status == PaymentStatus::WaitingForDeposit && issued.virtual_account.is_some(),
        "{issued:?}"
    );
    ensure!(issued.secret.is_some(), "a virtual account has a secret");
    let pressed = format!(
        "{}/sandbox/api/payments/{}/deposit",
        bench.sandbox, issued.payment_key
    );
    bench.http.post(pressed).send().await?.error_for_status()?;
    let paid = bench
        .toss
        .execute(&GetPayment::PaymentKey(issued.payment_key.clone()))
        .await?;
    ensure!(paid.status == PaymentStatus::Done, "{paid:?}");
    // A difference: the client calls the refund account's bank `bankCode`, as answers do; in the request
    // it is `bank` (https://docs.tosspayments.com/reference#결제-취소), so its refunds are refused.
    let refund = Account {
        bank_code: BankCode::우리은행,
        account_number: "1002123456789".to_owned(),
        holder_name: "김토스".to_owned(),
    };
    let body = CancelPaymentBody::builder()
        .cancel_reason("품절".to_owned())
        .refund_receive_account(Some(refund))
        .build();
    let cancel = CancelPayment::builder()
        .payment_key(issued.payment_key)
        .body(body)
        .build();
    refused(
        bench.toss.execute(&cancel).await,
        400,
        ErrorCode::InvalidBank,
    )
}

async fn registered(bench: &Bench) -> Result<()> {
    let request = json!({
        "method": "CARD", "successUrl": "https://shop.example/success", "failUrl": "https://shop.example/fail",
    });
    let key = bench
        .in_window("billing", request, "card", "authKey")
        .await?;
    let issue = IssueBillingByAuthKey::builder()
        .auth_key(key)
        .customer_key(CUSTOMER.to_owned())
        .build();
    let billing = bench.toss.execute(&issue).await?;
    ensure!(
        billing.customer_key == CUSTOMER && billing.card.number.contains('*'),
        "{billing:?}"
    );
    charge(bench, billing.billing_key, "window").await
}

async fn card_number(bench: &Bench) -> Result<()> {
    let issue = IssueBillingCustomerKeyBody::builder()
        .customer_key(CUSTOMER.to_owned())
        .card_number("9410001234567890".to_owned())
        .card_expiration_year("30".to_owned())
        .card_expiration_month("12".to_owned())
        .customer_identity_number("900101".to_owned())
        .card_password(Some("12".to_owned()))
        .build();
    let billing = bench.toss.execute(&issue).await?;
    charge(bench, billing.billing_key, "number").await
}

async fn charge(bench: &Bench, billing_key: String, name: &str) -> Result<()> {
    let body = ConfirmBillingBody::builder()
        .amount(4_900)
        .customer_key(CUSTOMER.to_owned())
        .order_id(bench.order(name))
        .order_name("토스 프라임 구독".to_owned())
        .build();
    let paid = bench
        .toss
        .execute(&ConfirmBilling { billing_key, body })
        .await?;
    ensure!(
        paid.status == PaymentStatus::Done && paid.total_amount == 4_900,
        "{paid:?}"
    );
    Ok(())
}

async fn refusals(bench: &Bench) -> Result<()> {
    let nothing = GetPayment::PaymentKey("tgen_nothing".to_owned());
    refused(
        bench.toss.execute(&nothing).await,
        404,
        ErrorCode::NotFoundPayment,
    )?;
    let stranger = Client::from_url(&*bench.sandbox, "test_sk_0000000000000000000000000000");
    refused(
        stranger.execute(&nothing).await,
        401,
        ErrorCode::UnauthorizedKey,
    )?;
    let confirm = ConfirmPayment {
        payment_key: "tgen_nothing".to_owned(),
        order_id: bench.order("nothing"),
        amount: 15_000,
    };
    refused(
        bench.toss.execute(&confirm).await,
        404,
        ErrorCode::NotFoundPaymentSession,
    )
}

fn refused<T>(answer: Result<T, Error>, status: u16, wanted: ErrorCode) -> Result<()> {
    match answer {
        Err(Error::Tosspayments(TosspaymentsError {
            http_status, code, ..
        })) if code == wanted => {
            ensure!(http_status == status, "{code} with {http_status}");
            Ok(())
        }
        Err(error) => bail!("{error:?} instead of {wanted:?}"),
        Ok(_) => bail!("it was let through"),
    }
}

async fn transactions(bench: &Bench) -> Result<()> {
    // The client's dates are text; a wide range holds whatever day the sandbox's clock says.
    let all = ListTransactions::builder()
        .start_date("2020-01-01T00:00:00".to_owned())
        .end_date("2099-12-31T23:59:59".to_owned())
        .limit(Some(100))
        .build();
    let all = bench.toss.execute(&all).await?;
    let ours = all
        .iter()
        .filter(|one| one.order_id.ends_with(&bench.run.to_string()));
    let statuses: Vec<PaymentStatus> = ours.map(|one| one.status).collect();
    for wanted in [
        PaymentStatus::Done,
        PaymentStatus::PartialCanceled,
        PaymentStatus::Canceled,
    ] {
        ensure!(
            statuses.contains(&wanted),
            "{wanted:?} is not among {statuses:?}"
        );
    }
    Ok(())
}
