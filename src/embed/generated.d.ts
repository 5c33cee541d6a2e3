// Written from the Rust types by `UPDATE_TYPINGS=1 cargo test --test typings`.

export type EventName = "ready" | "change" | "submit" | "redirect" | "pending" | "success" | "cancel" | "fail" | "error";
export type Locale = "ko" | "en";
export type Method = "CARD" | "TRANSFER" | "VIRTUAL_ACCOUNT" | "MOBILE_PHONE" | "CULTURE_GIFT_CERTIFICATE" | "BOOK_GIFT_CERTIFICATE" | "GAME_GIFT_CERTIFICATE" | "FOREIGN_EASY_PAY";
export type Interval = "day" | "week" | "month" | "year";
export type CashReceiptType = "소득공제" | "지출증빙" | "미발행";
export type SessionKind = "payment" | "billing";
export type SessionStatus = "open" | "authenticated" | "confirming" | "waiting_for_deposit" | "paid" | "partially_canceled" | "canceled" | "issuing" | "registered" | "active" | "failed" | "unknown" | "expired";
export type ChargeStatus = "pending" | "succeeded" | "declined" | "unknown";
export type Currency = "KRW" | "USD";
export type TextName = "test_mode" | "order" | "loading" | "methods" | "card" | "transfer" | "virtual_account" | "mobile_phone" | "culture_gift_certificate" | "book_gift_certificate" | "game_gift_certificate" | "foreign_easy_pay" | "gift_certificates" | "card_hint" | "transfer_hint" | "pay_card_hint" | "direct_hint" | "pay_transfer_hint" | "virtual_account_hint" | "mobile_phone_hint" | "gift_certificate_hint" | "foreign_easy_pay_hint" | "register_card" | "register_account" | "issue_account" | "pay" | "every_day" | "every_week" | "every_month" | "every_year" | "terms_now" | "terms_later" | "from_today" | "from_due_date" | "consent_version" | "consent" | "consent_missing" | "preparing" | "window_open" | "canceled_notice" | "in_app" | "in_app_open" | "in_app_naver" | "in_app_meta" | "sdk_failed" | "sdk_slow" | "sdk_offline" | "try_again" | "back_to_shop" | "help" | "delivering_card" | "delivering_payment" | "do_not_close" | "undelivered" | "undelivered_hint" | "undelivered_offline" | "unreachable" | "unreachable_hint" | "offline" | "offline_hint" | "other_method" | "looking_up" | "looking_up_hint" | "looking_up_long" | "card_registered" | "account_registered" | "account_later" | "charge_succeeded" | "charge_declined" | "charge_declined_hint" | "charge_unknown" | "done_before" | "next_charges" | "please_deposit" | "nothing_paid_yet" | "reversed" | "bank" | "account_number" | "copy_account" | "copied" | "copy_failed" | "holder" | "any_depositor" | "depositor" | "amount" | "exact_amount" | "deadline" | "cash_receipt" | "cash_receipt_hint" | "korean_time" | "time_is_up" | "days" | "hours" | "minutes" | "seconds" | "remaining" | "live_status" | "come_back" | "copy_address" | "address_copied" | "address_not_copied" | "print" | "paid" | "deposited" | "paid_at" | "easy_pay" | "installments" | "months" | "receipt" | "method" | "canceled" | "canceled_hint" | "canceled_paid_hint" | "partially_canceled" | "partially_canceled_hint" | "deposit_expired" | "deposit_expired_hint" | "session_expired" | "session_expired_hint" | "payment_failed" | "registration_failed" | "nothing_charged" | "stopped_in_window" | "not_approved" | "code" | "refused_address" | "refused_amount" | "refused_order" | "refused_customer" | "refused_kind" | "not_found" | "not_found_hint" | "back" | "misconfigured" | "misconfigured_hint" | "for_developers" | "crashed" | "crashed_hint" | "reload" | "card_declined" | "card_refused" | "no_funds" | "limit_reached" | "card_details" | "card_unusable" | "card_unsupported" | "account_unusable" | "account_too_new" | "too_often" | "bank_closed" | "amount_small" | "amount_large" | "suspicious" | "window_expired" | "aborted" | "method_unsupported" | "already_done" | "temporary" | "busy" | "shop" | "unknown";

/** What an event carries: what statistics need, and nothing that opens anything. */
export interface Detail {
  amount?: number;
  charge?: ChargeStatus;
  code?: string;
  currency?: Currency;
  kind?: SessionKind;
  method?: Method;
  orderId?: string;
  orderName?: string;
  status?: SessionStatus;
}
