// @ts-check
// The fields of every request. The type check holds them against Toss's typings, field by field.

/** @template T @typedef {import("./official").Shape<T>} Shape */
/** @typedef {import("./official").PaymentMethod} PaymentMethod */
/** @template {PaymentMethod} M @typedef {import("./official").PaymentOf<M>} PaymentOf */
/** @template {"CARD" | "TRANSFER"} M @typedef {import("./official").BillingOf<M>} BillingOf */
/** @template T @typedef {import("./official").In<T>} In */
/** @template T @typedef {import("./official").Item<T>} Item */
/** @typedef {PaymentOf<"VIRTUAL_ACCOUNT">} Common what every method has */
/** @typedef {In<PaymentOf<"CARD">["card"]>} Card */
/** @typedef {In<PaymentOf<"VIRTUAL_ACCOUNT">["virtualAccount"]>} Account */
/** @typedef {In<PaymentOf<"TRANSFER">["transfer"]>} Transfer */
/** @typedef {PaymentOf<"FOREIGN_EASY_PAY">["foreignEasyPay"]} Foreign */

const SHOWN = {
  customerName: optional(text(100)),
  customerEmail: optional(text(100)),
  windowTarget: optional(oneOf("iframe", "self")),
};

const BILLING = {
  ...SHOWN,
  successUrl: required(address("INCORRECT_SUCCESS_URL_FORMAT")),
  failUrl: required(address("INCORRECT_FAIL_URL_FORMAT")),
};

/** @type {Shape<In<BillingOf<"TRANSFER">["transfer"]>>} */
const BILLING_TRANSFER = { encryptedCustomerCi: optional(text(1000)) };

/** @type {{ [M in "CARD" | "TRANSFER"]: Shape<BillingOf<M>> }} */
const BILLING_REQUESTS = {
  CARD: {
    ...BILLING,
    method: required(oneOf("CARD")),
    selectableCardTypes: optional(list(oneOf("PERSONAL", "CORPORATE"))),
    flowMode: optional(oneOf("DEFAULT", "DIRECT")),
    easyPay: optional(oneOf("토스페이", "TOSSPAY", "네이버페이", "NAVERPAY")),
    cardCompany: optional(text(40)),
  },
  TRANSFER: {
    ...BILLING,
    method: required(oneOf("TRANSFER")),
    transfer: optional(object(BILLING_TRANSFER)),
  },
};

/** @type {Shape<In<Common["sandbox"]>>} */
const SANDBOX = { paymentResult: required(oneOf("SUCCESS", "FAIL")) };

/** @type {Shape<Item<Common["subOrders"]>["merchantAddress"]>} */
const MERCHANT_ADDRESS = {
  country: required(text(100)),
  postalCode: required(text(40)),
  address: required(text(500)),
  detailAddress: optional(text(500)),
};

/** @type {Shape<Item<Common["subOrders"]>>} */
const SUB_ORDER = {
  merchantBusinessNumber: required(text(40)),
  merchantName: required(text(200)),
  merchantAddress: required(object(MERCHANT_ADDRESS)),
  orderName: required(text(100)),
};

const PAYMENT = {
  ...SHOWN,
  amount: required(amount),
  orderId: required(matching(/^[A-Za-z0-9_=-]{6,64}$/)),
  orderName: required(text(100, 1)),
  customerMobilePhone: optional(matching(/^[0-9]{8,15}$/)),
  taxFreeAmount: optional(price),
  metadata: optional(metadata),
  successUrl: optional(address("INCORRECT_SUCCESS_URL_FORMAT")),
  failUrl: optional(address("INCORRECT_FAIL_URL_FORMAT")),
  pendingUrl: optional(text(2000)),
  orderProductCode: optional(text(100)),
  sandbox: optional(object(SANDBOX)),
  subOrders: optional(list(object(SUB_ORDER))),
};

/** @type {Shape<Item<Card["escrowProducts"]>>} */
const ESCROW_PRODUCT = {
  id: optional(text(100)),
  name: optional(text(200)),
  code: optional(text(100)),
  unitPrice: optional(count),
  quantity: optional(count),
};

const TAX_AND_TIME = {
  taxExemptionAmount: optional(count),
  validHours: optional(count),
  dueDate: optional(matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)),
  useEscrow: optional(flag),
  escrowProducts: optional(list(object(ESCROW_PRODUCT))),
};

/** @type {Shape<In<Account["cashReceipt"]>>} */
const CASH_RECEIPT = { type: required(oneOf("소득공제", "지출증빙", "미발행")) };

const CASH = {
  cashReceipt: optional(object(CASH_RECEIPT)),
  isCulturalExpenses: optional(flag),
};

/** @type {Shape<Item<Card["dividedSettlements"]>>} */
const SETTLEMENT = {
  subMid: required(text(100)),
  amount: required(count),
  taxFreeAmount: required(count),
  productInfo: required(text(500)),
};
const dividedSettlements = optional(list(object(SETTLEMENT)));

/** @type {Shape<Item<Card["freeInstallmentPlans"]>>} */
const FREE_INSTALLMENTS = { company: required(text(40)), months: required(list(count)) };

/** @type {Shape<In<Card["threeDS"]>>} */
const THREE_DS = { challengeMode: optional(oneOf("CHALLENGE_REQUIRED")) };

/** @type {Shape<In<Card["keyin"]>>} */
const KEYIN = { selectableCardTypes: optional(list(oneOf("PERSONAL", "CORPORATE", "FOREIGN"))) };

/** @type {Shape<Item<Card["affiliateCards"]>>} */
const AFFILIATE_CARD = { issuerCode: required(text(40)), cardProductCode: required(text(100)) };

const INSTALLMENTS = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** @type {Shape<Card>} */
const CARD = {
  ...TAX_AND_TIME,
  flowMode: optional(oneOf("DEFAULT", "DIRECT")),
  cardCompany: optional(text(40)),
  easyPay: optional(text(40)),
  cardInstallmentPlan: optional(oneOf(...INSTALLMENTS)),
  maxCardInstallmentPlan: optional(oneOf(...INSTALLMENTS)),
  freeInstallmentPlans: optional(list(object(FREE_INSTALLMENTS))),
  useCardPoint: optional(flag),
  useAppCardOnly: optional(flag),
  discountCode: optional(text(100)),
  useInternationalCardOnly: optional(flag),
  language: optional(oneOf("KO", "EN", "JA", "ZH")),
  showEstimatedAmount: optional(flag),
  threeDS: optional(object(THREE_DS)),
  appScheme: optional(text(500)),
  keyin: optional(object(KEYIN)),
  showMobileAppHeader: optional(flag),
  affiliateCards: optional(list(object(AFFILIATE_CARD))),
  dividedSettlements,
};

/** @type {Shape<In<Account["refundReceiveAccount"]>>} */
const REFUND_ACCOUNT = {
  bankCode: required(text(20, 1)),
  accountNumber: required(text(20, 1)),
  holderName: required(text(60, 1)),
};

/** @type {Shape<Account>} */
const VIRTUAL_ACCOUNT = {
  ...TAX_AND_TIME,
  ...CASH,
  showCustomerMobilePhone: optional(flag),
  refundReceiveAccount: optional(object(REFUND_ACCOUNT)),
};

/** @type {Shape<Transfer>} */
const TRANSFER = {
  ...TAX_AND_TIME,
  ...CASH,
  encryptedCustomerCi: optional(text(1000)),
  showSecuritiesAccount: optional(flag),
  provider: optional(oneOf("OPENBANKING", "BANKPAY")),
  dividedSettlements,
};

const CARRIERS = ["KT", "LGU", "SKT", "HELLO", "KCT", "SK7"];

/** @type {Shape<In<PaymentOf<"MOBILE_PHONE">["mobilePhone"]>>} */
const MOBILE_PHONE = { mobileCarriers: optional(list(oneOf(...CARRIERS))) };

const PROVIDERS = [
  "PAYPAL",
  "GCASH",
  "TOUCHNGO",
  "BOOST",
  "BPI",
  "BILLEASE",
  "DANA",
  "ALIPAYHK",
  "TRUEMONEY",
  "RABBIT_LINE_PAY",
  "ALIPAY",
  "PAYPAY",
];
const country = matching(/^[A-Z]{2}$/);

/** @type {Shape<Item<Foreign["products"]>>} */
const PRODUCT = {
  name: required(text(100)),
  quantity: required(count),
  unitAmount: required(price),
  currency: required(text(3, 3)),
  description: required(text(500)),
};

/** @type {Shape<In<In<Foreign["shipping"]>["address"]>>} */
const SHIPPING_ADDRESS = {
  country: required(country),
  line1: optional(text(500)),
  line2: optional(text(500)),
  area1: optional(text(200)),
  area2: required(text(200)),
  postalCode: optional(text(40)),
};

/** @type {Shape<In<Foreign["shipping"]>>} */
const SHIPPING = { fullName: optional(text(200)), address: optional(object(SHIPPING_ADDRESS)) };

/** @type {Shape<In<In<Foreign["paymentMethodOptions"]>["paypal"]>>} */
const PAYPAL = { setTransactionContext: optional(json) };

/** @type {Shape<In<Foreign["paymentMethodOptions"]>>} */
const METHOD_OPTIONS = { paypal: optional(object(PAYPAL)) };

/** @type {Shape<Foreign>} */
const FOREIGN_EASY_PAY = {
  provider: required(oneOf(...PROVIDERS)),
  country: required(country),
  products: optional(list(object(PRODUCT))),
  shipping: optional(object(SHIPPING)),
  paymentMethodOptions: optional(object(METHOD_OPTIONS)),
};

const certificate = { ...PAYMENT, method: required(text(40)) };

/** @type {{ [M in PaymentMethod]: Shape<PaymentOf<M>> }} */
const PAYMENT_REQUESTS = {
  CARD: { ...PAYMENT, method: required(oneOf("CARD")), card: optional(object(CARD)) },
  VIRTUAL_ACCOUNT: {
    ...PAYMENT,
    method: required(oneOf("VIRTUAL_ACCOUNT")),
    virtualAccount: optional(object(VIRTUAL_ACCOUNT)),
  },
  TRANSFER: { ...PAYMENT, method: required(oneOf("TRANSFER")), transfer: optional(object(TRANSFER)) },
  MOBILE_PHONE: {
    ...PAYMENT,
    method: required(oneOf("MOBILE_PHONE")),
    mobilePhone: optional(object(MOBILE_PHONE)),
  },
  CULTURE_GIFT_CERTIFICATE: certificate,
  BOOK_GIFT_CERTIFICATE: certificate,
  GAME_GIFT_CERTIFICATE: certificate,
  FOREIGN_EASY_PAY: {
    ...PAYMENT,
    method: required(oneOf("FOREIGN_EASY_PAY")),
    foreignEasyPay: required(object(FOREIGN_EASY_PAY)),
  },
};
