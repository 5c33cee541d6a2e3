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
export type TextName = "test_mode" | "order" | "loading" | "methods" | "card" | "transfer" | "virtual_account" | "mobile_phone" | "culture_gift_certificate" | "book_gift_certificate" | "game_gift_certificate" | "foreign_easy_pay" | "gift_certificates" | "card_hint" | "transfer_hint" | "pay_card_hint" | "direct_hint" | "pay_transfer_hint" | "virtual_account_hint" | "mobile_phone_hint" | "gift_certificate_hint" | "foreign_easy_pay_hint" | "register_card" | "register_account" | "issue_account" | "pay" | "every_day" | "every_week" | "every_month" | "every_year" | "terms_now" | "terms_later" | "from_today" | "from_due_date" | "consent_version" | "consent" | "consent_missing" | "preparing" | "window_open" | "canceled_notice" | "in_app" | "in_app_open" | "in_app_naver" | "in_app_meta" | "sdk_failed" | "sdk_slow" | "sdk_offline" | "try_again" | "back_to_shop" | "help" | "delivering_card" | "delivering_payment" | "do_not_close" | "undelivered" | "undelivered_hint" | "undelivered_offline" | "unreachable" | "unreachable_hint" | "offline" | "offline_hint" | "other_method" | "looking_up" | "looking_up_hint" | "looking_up_long" | "card_registered" | "account_registered" | "account_later" | "charge_succeeded" | "charge_declined" | "charge_declined_hint" | "charge_unknown" | "done_before" | "next_charges" | "please_deposit" | "nothing_paid_yet" | "reversed" | "bank" | "account_number" | "copy_account" | "copied" | "copy_failed" | "holder" | "any_depositor" | "depositor" | "amount" | "exact_amount" | "deadline" | "cash_receipt" | "cash_receipt_hint" | "korean_time" | "time_is_up" | "days" | "hours" | "minutes" | "seconds" | "remaining" | "live_status" | "come_back" | "copy_address" | "address_copied" | "address_not_copied" | "print" | "paid" | "deposited" | "paid_at" | "easy_pay" | "installments" | "months" | "receipt" | "method" | "canceled" | "canceled_hint" | "canceled_paid_hint" | "partially_canceled" | "partially_canceled_hint" | "deposit_expired" | "deposit_expired_hint" | "session_expired" | "session_expired_hint" | "payment_failed" | "registration_failed" | "nothing_charged" | "stopped_in_window" | "not_approved" | "code" | "refused_address" | "refused_amount" | "refused_order" | "refused_customer" | "refused_kind" | "not_found" | "not_found_hint" | "back" | "misconfigured" | "misconfigured_hint" | "for_developers" | "crashed" | "crashed_hint" | "reload" | "card_declined" | "card_refused" | "no_funds" | "limit_reached" | "card_details" | "card_unusable" | "card_unsupported" | "account_unusable" | "account_too_new" | "too_often" | "bank_closed" | "amount_small" | "amount_large" | "suspicious" | "window_expired" | "aborted" | "method_unsupported" | "already_done" | "temporary" | "busy" | "shop" | "unknown" | "choose_other" | "or_choose_other";
export type SubscriptionEventName = "canceled" | "uncanceled" | "paid" | "agreed" | "error";
export type SubscriptionStatus = "incomplete" | "trialing" | "active" | "past_due" | "unpaid" | "awaiting_consent" | "paused" | "canceled";
export type SubscriptionTextName = "mine" | "loading" | "test_mode" | "every_day" | "every_week" | "every_month" | "every_year" | "days" | "weeks" | "months" | "years" | "free" | "next_charge" | "next_amount" | "method" | "card" | "account" | "unusable" | "change_method" | "opening" | "overdue" | "overdue_hint" | "overdue_method" | "overdue_held" | "retry" | "no_access" | "incomplete" | "pay" | "paying" | "under_way" | "under_way_hint" | "trial" | "trial_hint" | "ends" | "ends_hint" | "ended" | "paused" | "pauses" | "resumes" | "awaiting" | "awaiting_hint" | "consent" | "consent_hint" | "before" | "after" | "from" | "agree" | "agreeing" | "uncancel" | "uncanceling" | "cancel" | "cancel_title" | "cancel_when" | "cancel_later" | "cancel_later_hint" | "cancel_now" | "cancel_refund" | "cancel_nothing" | "cancel_owed" | "canceling" | "keep" | "history" | "history_loading" | "history_empty" | "history_failed" | "more" | "paid" | "open" | "void" | "uncollectible" | "refunded" | "receipt" | "receipt_of" | "done_canceled" | "done_refunded" | "done_scheduled" | "done_uncanceled" | "done_paid" | "done_refused" | "done_agreed" | "changed" | "failed" | "unanswered" | "all" | "none" | "none_hint" | "link_ended" | "link_ended_hint" | "no_link" | "no_link_hint" | "unreachable" | "unreachable_hint" | "offline" | "offline_hint" | "misconfigured" | "misconfigured_hint" | "try_again" | "back" | "back_to_shop" | "crashed" | "crashed_hint" | "reload";

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

/** What an event of `<toss-subscription>` carries. */
export interface SubscriptionDetail {
  code?: string;
  status?: SubscriptionStatus;
  subscriptionId?: string;
}
