"""Drives the sandbox with a client that others wrote, python-tosspayments, unmodified.

Its base address cannot be configured, so the attribute that holds it is set. Prints a line per check and the
count; fails when one failed. Differences that are the client's, and why, stand in DIFFERENCES.
"""

import os
import sys
import uuid
from urllib.parse import parse_qs, urlsplit

import requests
from tosspayments import TossPayments

# What the client does differently from Toss's documents, or what the sandbox does not have.
DIFFERENCES = {
    "base address": "is a private attribute; the client offers no way to set it.",
    "brandpay": "the sandbox has no brandpay, and says so in the message of NOT_FOUND.",
    "refused": "the client's exception is a private class, so it is told by its attributes here.",
}

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
CLIENT_KEY = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"
SECRET_KEY = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R"
CUSTOMER = str(uuid.uuid4())
CARD = {"cardNumber": "9410001234567890", "cardExpirationYear": "30", "cardExpirationMonth": "12", "customerIdentityNumber": "900101"}


def client(secret_key: str = SECRET_KEY) -> TossPayments:
    made = TossPayments(secret_key)
    made._TossPayments__base_url = f"{SANDBOX}/"
    return made


def order() -> str:
    return f"python-{uuid.uuid4().hex[:20]}"


def authenticated(method: str, amount: float = 15_000, currency: str = "KRW", **more: object) -> dict:
    """A payment that the buyer has finished in the window, without a browser."""
    order_id = order()
    request = {
        "method": method,
        "amount": {"value": amount, "currency": currency},
        "orderId": order_id,
        "orderName": "티셔츠 1장",
        "successUrl": "https://shop.example/success",
        "failUrl": "https://shop.example/fail",
        **more,
    }
    body = {"clientKey": CLIENT_KEY, "customerKey": CUSTOMER, "kind": "payment", "target": "self", "request": request}
    opened = requests.post(f"{SANDBOX}/sandbox/window", json=body, timeout=10)
    assert opened.status_code == 201, opened.text
    finished = requests.post(f"{SANDBOX}/sandbox/api/windows/{opened.json()['id']}/finish", timeout=10)
    assert finished.ok, finished.text
    query = parse_qs(urlsplit(finished.json()["url"]).query)
    return {"payment_key": query["paymentKey"][0], "order_id": order_id, "amount": amount}


def refused(call, *args, **named) -> tuple:
    """Status, code and text of a refusal."""
    try:
        call(*args, **named)
    except Exception as error:
        return error.code, error.error_type, error.reason
    raise AssertionError("it was not refused")


def card_payment_is_confirmed_looked_up_and_given_back_in_parts() -> None:
    toss = client()
    payment = authenticated("CARD")
    key = uuid.uuid4().hex
    paid = toss.confirm(**payment, idempotency_key=key)
    assert (paid["status"], paid["totalAmount"], paid["vat"]) == ("DONE", 15_000, 1_364)
    assert toss.confirm(**payment, idempotency_key=key) == paid
    assert refused(toss.confirm, **payment)[:2] == (400, "ALREADY_PROCESSED_PAYMENT")
    assert toss.get_payment_by_payment_key(payment["payment_key"])["orderId"] == payment["order_id"]
    assert toss.get_payment_by_order_id(payment["order_id"])["paymentKey"] == payment["payment_key"]
    part = toss.cancel(payment["payment_key"], {"cancelReason": "단순 변심", "cancelAmount": 5_000})
    assert (part["status"], part["balanceAmount"]) == ("PARTIAL_CANCELED", 10_000)


def a_part_of_a_paypal_payment_needs_its_currency() -> None:
    toss = client()
    foreign = {"foreignEasyPay": {"provider": "PAYPAL", "country": "US"}}
    payment = authenticated("FOREIGN_EASY_PAY", 10.5, "USD", **foreign)
    toss.confirm(**payment)
    part = {"cancelReason": "단순 변심", "cancelAmount": 4.25}
    assert refused(toss.cancel, payment["payment_key"], part)[:2] == (400, "INVALID_CURRENCY")
    done = toss.cancel(payment["payment_key"], {**part, "currency": "USD"})
    assert done["balanceAmount"] == 6.25


def transactions_are_listed() -> None:
    toss = client()
    payment = authenticated("CARD")
    toss.confirm(**payment)
    listed = toss.get_transaction("2020-01-01", "2999-01-01", limit=5_000)
    assert [one["status"] for one in listed if one["orderId"] == payment["order_id"]] == ["DONE"]


def a_card_that_was_told_to_the_merchant_pays_at_once() -> None:
    body = {**CARD, "amount": 60_000, "orderId": order(), "orderName": "티셔츠 1장", "cardInstallmentPlan": 3}
    paid = client().pay_with_card_number(body)
    assert (paid["status"], paid["card"]["installmentPlanMonths"]) == ("DONE", 3)
    assert refused(client().pay_with_card_number, body)[:2] == (400, "DUPLICATED_ORDER_ID")


def a_billing_key_is_made_and_charged() -> None:
    toss = client()
    key = toss.create_billing_key({**CARD, "customerKey": CUSTOMER})["billingKey"]
    charge = {"amount": 4_900, "orderId": order(), "orderName": "구독", "customerKey": CUSTOMER}
    paid = toss.pay_with_billing_key(key, charge)
    assert (paid["status"], paid["type"]) == ("DONE", "BILLING")


def what_is_not_here_says_so() -> None:
    status, code, text = refused(client().confirm_brandpay, "tgen_nothing", 15_000, CUSTOMER, order())
    assert (status, code) == (404, "NOT_FOUND") and "브랜드페이" in text, text


def a_wrong_key_is_refused() -> None:
    wrong = client("test_sk_0000000000000000000000000000")
    assert refused(wrong.get_payment_by_order_id, order())[:2] == (401, "UNAUTHORIZED_KEY")


CHECKS = [
    card_payment_is_confirmed_looked_up_and_given_back_in_parts,
    a_part_of_a_paypal_payment_needs_its_currency,
    transactions_are_listed,
    a_card_that_was_told_to_the_merchant_pays_at_once,
    a_billing_key_is_made_and_charged,
    what_is_not_here_says_so,
    a_wrong_key_is_refused,
]

failed = 0
for check in CHECKS:
    try:
        check()
        print(f"ok      {check.__name__}")
    except Exception as error:  # noqa: BLE001: each check is told, whatever it throws
        failed += 1
        print(f"FAILED  {check.__name__}: {type(error).__name__}: {error}")
word = "FAILED" if failed else "ok"
print(f"test result: {word}. {len(CHECKS) - failed} passed; {failed} failed;")
sys.exit(1 if failed else 0)
