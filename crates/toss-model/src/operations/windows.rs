//! What the buyer does in a window.

use time::{Duration, OffsetDateTime};

use super::due;
use crate::{
    billing_key::Authorization,
    errors::{ErrorCode, Refusal},
    instrument::Instrument,
    means::Means,
    method::{Choice, PayMethod},
    payment::{Origin, Payment, Status, WINDOW_VALIDITY},
    shop::Shop,
    state::State,
    window::{
        BillingForm, Delivery, Offer, PaymentForm, Purpose, Stage, Target, Window, WindowOutcome,
    },
};

/// More windows than this are not remembered, unless they are still open.
const MAX_WINDOWS: usize = 1_000;

impl State {
    /// Opens a registration window and returns its name.
    pub fn open_billing(
        &mut self,
        shop: Shop,
        target: Target,
        delivery: Delivery,
        form: BillingForm,
        now: OffsetDateTime,
    ) -> String {
        self.open(Window {
            shop,
            target,
            delivery,
            purpose: Purpose::Billing(form),
            opened_at: now,
            stage: Stage::Open,
            offer: Offer::default(),
        })
    }

    /// Opens a payment window and returns its name.
    ///
    /// # Errors
    /// A due date that cannot be kept; an order number that was already paid with.
    pub fn open_payment(
        &mut self,
        shop: Shop,
        target: Target,
        delivery: Delivery,
        form: PaymentForm,
        now: OffsetDateTime,
    ) -> Result<String, Refusal> {
        let due = due::moment(form.valid_hours, form.due_date.as_deref(), now)?;
        if self.order_is_taken(shop, form.order_id.as_str(), now) {
            return Err(ErrorCode::DuplicatedOrderId.into());
        }
        let key = self.fresh_payment_key(now)?;
        self.ledger.add(Payment {
            key: key.clone(),
            shop,
            customer: form.customer_key,
            origin: Origin::Window(form.method),
            order_id: form.order_id,
            order_name: form.order_name,
            currency: form.currency,
            total: form.amount,
            balance: form.amount,
            tax_free: form.tax_free,
            tax_exemption: form.tax_exemption,
            status: Status::Ready,
            requested_at: now,
            authenticated_at: None,
            approved_at: None,
            means: Means::Undecided { due },
            refusal: None,
            failure: None,
            use_escrow: form.use_escrow,
            culture_expense: form.culture_expense,
            last_transaction: None,
            secret: None,
            metadata: form.metadata,
            cancels: Vec::new(),
        });
        Ok(self.open(Window {
            shop,
            target,
            delivery,
            purpose: Purpose::Payment(key),
            opened_at: now,
            stage: Stage::Open,
            offer: form.offer,
        }))
    }

    fn open(&mut self, window: Window) -> String {
        self.purge(window.opened_at);
        self.make_room(window.opened_at);
        let id = self.ids.window();
        self.windows.insert(id.clone(), window);
        id
    }

    /// A window by its name, unless it is unknown or was left open too long.
    pub fn window(&self, id: &str, now: OffsetDateTime) -> Option<&Window> {
        self.windows.get(id).filter(|window| {
            window.stage != Stage::Open || now - window.opened_at <= WINDOW_VALIDITY
        })
    }

    /// The payment that a window is for.
    pub fn payment_of(&mut self, window: &Window, now: OffsetDateTime) -> Option<&Payment> {
        match &window.purpose {
            Purpose::Payment(key) => self.ledger.get(key.expose(), now).map(|payment| &*payment),
            Purpose::Billing(_) => None,
        }
    }

    /// How the buyer of a payment window is to pay.
    pub fn method_of(&mut self, window: &Window, now: OffsetDateTime) -> Option<PayMethod> {
        match self.payment_of(window, now)?.origin {
            Origin::Window(method) => Some(method),
            Origin::Charge(_) => None,
        }
    }

    /// 등록하기: the buyer registers. Pressed twice it ends the same way twice.
    ///
    /// # Errors
    /// The window is gone or was left in another way.
    pub fn register(
        &mut self,
        id: &str,
        instrument: Instrument,
        now: OffsetDateTime,
    ) -> Result<WindowOutcome, Refusal> {
        let window = self.usable(id, now)?;
        let (shop, form) = match (&window.stage, &window.purpose) {
            (Stage::Left(ending @ WindowOutcome::Registered { .. }), _) => {
                return Ok(ending.clone());
            }
            (Stage::Open, Purpose::Billing(form)) => (window.shop, form.clone()),
            _ => return Err(ErrorCode::ForbiddenRequest.into()),
        };
        let key = self
            .ids
            .auth_key()
            .ok_or(ErrorCode::FailedInternalSystemProcessing)?;
        let ending = WindowOutcome::Registered {
            customer_key: form.customer.expose().to_owned(),
            auth_key: key.expose().to_owned(),
        };
        self.authorizations.insert(
            key.expose().to_owned(),
            Authorization {
                shop,
                customer: form.customer,
                instrument,
                at: now,
                used: false,
            },
        );
        self.leave(id, ending)
    }

    /// The buyer chose what to pay with. Pressed twice it ends the same way twice. With a `refusal` the
    /// merchant's confirm will be declined with that code, whatever the choice.
    ///
    /// # Errors
    /// The window is gone, was left in another way, or is for another method.
    pub fn choose(
        &mut self,
        id: &str,
        choice: Choice,
        refusal: Option<ErrorCode>,
        now: OffsetDateTime,
    ) -> Result<WindowOutcome, Refusal> {
        let window = self.usable(id, now)?;
        let key = match (&window.stage, &window.purpose) {
            (Stage::Left(ending @ WindowOutcome::Authenticated { .. }), _) => {
                return Ok(ending.clone());
            }
            (Stage::Open, Purpose::Payment(key)) => key.expose().to_owned(),
            _ => return Err(ErrorCode::ForbiddenRequest.into()),
        };
        let payment = self
            .ledger
            .get(&key, now)
            .ok_or(ErrorCode::NotFoundPaymentSession)?;
        let (Means::Undecided { due }, Origin::Window(method)) = (&payment.means, &payment.origin)
        else {
            return Err(ErrorCode::ForbiddenRequest.into());
        };
        if !choice.fits(*method) {
            return Err(ErrorCode::NotSupportedMethod.into());
        }
        if payment.status != Status::Ready {
            return Err(ErrorCode::NotFoundPaymentSession.into());
        }
        payment.means = Means::chosen(choice, *due);
        payment.refusal = refusal;
        payment.status = Status::InProgress;
        payment.authenticated_at = Some(now);
        let ending = WindowOutcome::Authenticated {
            payment_key: key,
            order_id: payment.order_id.as_str().to_owned(),
            amount: payment.total,
            currency: payment.currency,
        };
        self.leave(id, ending)
    }

    /// 실패시키기: the window ends with a code. The payment itself stays as it is.
    ///
    /// # Errors
    /// The window is gone or was left.
    pub fn fail(
        &mut self,
        id: &str,
        code: &str,
        now: OffsetDateTime,
    ) -> Result<WindowOutcome, Refusal> {
        let window = self.usable(id, now)?;
        if window.stage != Stage::Open {
            return Err(ErrorCode::ForbiddenRequest.into());
        }
        let order_id = match &window.purpose {
            Purpose::Payment(key) => {
                let key = key.expose().to_owned();
                self.ledger
                    .get(&key, now)
                    .map(|payment| payment.order_id.as_str().to_owned())
            }
            Purpose::Billing(_) => None,
        };
        self.leave(
            id,
            WindowOutcome::Failed {
                code: code.to_owned(),
                order_id,
            },
        )
    }

    /// 취소: the buyer gives up. The payment itself stays as it is, as with Toss.
    ///
    /// # Errors
    /// The window is gone or was left.
    pub fn give_up(&mut self, id: &str, now: OffsetDateTime) -> Result<WindowOutcome, Refusal> {
        match self.usable(id, now)?.stage {
            Stage::Open | Stage::Left(WindowOutcome::Canceled) => {
                self.leave(id, WindowOutcome::Canceled)
            }
            Stage::Left(_) => Err(ErrorCode::ForbiddenRequest.into()),
        }
    }

    /// Keeps the windows bounded however many are opened: what was left is remembered only for a button that
    /// is pressed twice.
    fn make_room(&mut self, now: OffsetDateTime) {
        if self.windows.len() < MAX_WINDOWS {
            return;
        }
        let in_use = |window: &Window| {
            window.stage == Stage::Open && now - window.opened_at <= WINDOW_VALIDITY
        };
        let mut finished: Vec<OffsetDateTime> = self
            .windows
            .values()
            .filter(|window| !in_use(window))
            .map(|window| window.opened_at)
            .collect();
        finished.sort_unstable();
        let Some(newest_forgotten) = finished.get(finished.len() / 2).copied() else {
            return;
        };
        self.windows
            .retain(|_, window| in_use(window) || window.opened_at > newest_forgotten);
    }

    /// Forgets windows and authKeys that can be of no use any more, at most once an hour.
    fn purge(&mut self, now: OffsetDateTime) {
        if now - self.purged_at < Duration::HOUR {
            return;
        }
        self.purged_at = now;
        let keep = Duration::DAY;
        self.windows
            .retain(|_, window| now - window.opened_at < keep);
        let keep = self.rules.auth_key_ttl.max(keep);
        self.authorizations
            .retain(|_, authorization| now - authorization.at <= keep);
    }

    fn usable(&self, id: &str, now: OffsetDateTime) -> Result<&Window, Refusal> {
        self.window(id, now)
            .ok_or_else(|| ErrorCode::NotFoundPaymentSession.into())
    }

    fn leave(&mut self, id: &str, ending: WindowOutcome) -> Result<WindowOutcome, Refusal> {
        let window = self
            .windows
            .get_mut(id)
            .ok_or(ErrorCode::NotFoundPaymentSession)?;
        window.stage = Stage::Left(ending.clone());
        Ok(ending)
    }
}
