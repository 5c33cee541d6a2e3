//! Sessions: create, read, change.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use toss_checkout_contract::{CustomerKey, OrderId, SessionId, SessionStatus};

use super::{
    Store, StoreError, convert,
    entities::{billing_key, failure_report, session},
    is_duplicate,
    records::{GivenConsent, NewSession, SessionRecord},
};
use crate::clock::Millis;

/// What a report of the fail page may hold.
#[derive(Debug)]
pub struct Report<'a> {
    /// Toss's code.
    pub code: &'a str,
    /// Toss's sentence, cut.
    pub message: &'a str,
    /// As the page was told.
    pub order_id: Option<&'a OrderId>,
}

/// More reports than this say nothing new.
const MAX_REPORTS: usize = 20;

impl Store {
    /// Stores a new session. `false`: its order number or idempotency key is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_session(&self, new: &NewSession, now: Millis) -> Result<bool, StoreError> {
        let s = &new.session;
        let row = session::ActiveModel {
            seq: NotSet,
            id: Set(s.id.expose().to_owned()),
            kind: Set(convert::kind_text(s.kind).to_owned()),
            status: Set(s.status.as_str().to_owned()),
            revision: Set(convert::to_i64(s.revision)),
            order_id: Set(s.order_id.as_ref().map(|id| id.as_str().to_owned())),
            order_name: Set(s.order_name.clone()),
            amount: Set(s.amount.map(|amount| convert::to_i64(amount.value()))),
            customer_key: Set(s.customer_key.expose().to_owned()),
            methods: Set(convert::to_json(&s.methods)?),
            customer: Set(convert::to_json(&s.customer)?),
            virtual_account: Set(s
                .virtual_account
                .as_ref()
                .map(convert::to_json)
                .transpose()?),
            plan: Set(s.plan.as_ref().map(convert::to_json).transpose()?),
            charge_now: Set(s.charge_now),
            consent: Set(s.consent.as_ref().map(convert::to_json).transpose()?),
            locale: Set(s
                .locale
                .map(|locale| convert::locale_text(locale).to_owned())),
            return_url: Set(s.return_url.clone()),
            expires_at: Set(new.expires_at.0),
            result: Set(None),
            payment_key: Set(None),
            secret_digest: Set(None),
            due_at: Set(None),
            next_check_at: Set(None),
            idempotency_key: Set(new.idempotency_key.clone()),
            request_digest: Set(Some(new.request_digest.clone())),
            created_at: Set(now.0),
            updated_at: Set(now.0),
        };
        match session::Entity::insert(row).exec(&self.write).await {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// One session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, id: &SessionId) -> Result<Option<SessionRecord>, StoreError> {
        self.one(session::Column::Id.eq(id.expose())).await
    }

    /// The session of an order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_of_order(
        &self,
        order_id: &OrderId,
    ) -> Result<Option<SessionRecord>, StoreError> {
        self.one(session::Column::OrderId.eq(order_id.as_str()))
            .await
    }

    /// The session that was created with this idempotency key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_of_request(
        &self,
        idempotency_key: &str,
    ) -> Result<Option<SessionRecord>, StoreError> {
        self.one(session::Column::IdempotencyKey.eq(idempotency_key))
            .await
    }

    async fn one(
        &self,
        condition: sea_orm::sea_query::SimpleExpr,
    ) -> Result<Option<SessionRecord>, StoreError> {
        session::Entity::find()
            .filter(condition)
            .one(&self.read)
            .await?
            .map(|row| convert::session_record(&row, &self.client_key))
            .transpose()
    }

    /// The newest sessions, at most `limit`, older than the session `before`, of one customer or all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(
        &self,
        limit: u64,
        before: Option<&SessionId>,
        customer: Option<&CustomerKey>,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let mut query = session::Entity::find();
        if let Some(before) = before {
            let seq: Option<i64> = session::Entity::find()
                .select_only()
                .column(session::Column::Seq)
                .filter(session::Column::Id.eq(before.expose()))
                .into_tuple()
                .one(&self.read)
                .await?;
            query = query.filter(session::Column::Seq.lt(seq.unwrap_or(0)));
        }
        if let Some(customer) = customer {
            query = query.filter(session::Column::CustomerKey.eq(customer.expose()));
        }
        query
            .order_by_desc(session::Column::Seq)
            .limit(limit)
            .all(&self.read)
            .await?
            .iter()
            .map(|row| convert::session_record(row, &self.client_key))
            .collect()
    }

    /// The revision alone, for event streams.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revision(&self, id: &SessionId) -> Result<Option<u64>, StoreError> {
        let revision: Option<i64> = session::Entity::find()
            .select_only()
            .column(session::Column::Revision)
            .filter(session::Column::Id.eq(id.expose()))
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(revision.and_then(|revision| u64::try_from(revision).ok()))
    }

    /// Open sessions whose time is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ended(&self, now: Millis, limit: u64) -> Result<Vec<SessionRecord>, StoreError> {
        self.many(
            SessionStatus::Open,
            session::Column::ExpiresAt.lte(now.0),
            limit,
        )
        .await
    }

    /// Issued virtual accounts that are due for a look at Toss.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deposits_to_check(
        &self,
        now: Millis,
        limit: u64,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        self.many(
            SessionStatus::WaitingForDeposit,
            session::Column::NextCheckAt.lte(now.0),
            limit,
        )
        .await
    }

    async fn many(
        &self,
        status: SessionStatus,
        condition: sea_orm::sea_query::SimpleExpr,
        limit: u64,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        session::Entity::find()
            .filter(session::Column::Status.eq(status.as_str()))
            .filter(condition)
            .limit(limit)
            .all(&self.read)
            .await?
            .iter()
            .map(|row| convert::session_record(row, &self.client_key))
            .collect()
    }

    /// Puts off the next unasked look at a virtual account. Not news for anybody, so the revision stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_later(&self, id: &SessionId, at: Millis) -> Result<(), StoreError> {
        session::Entity::update_many()
            .col_expr(session::Column::NextCheckAt, Expr::value(at.0))
            .filter(session::Column::Id.eq(id.expose()))
            .filter(session::Column::NextCheckAt.is_not_null())
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// The sealed billing key of a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sealed_billing_key(&self, id: &SessionId) -> Result<Option<String>, StoreError> {
        Ok(billing_key::Entity::find()
            .filter(billing_key::Column::SessionId.eq(id.expose()))
            .one(&self.read)
            .await?
            .map(|row| row.sealed_key))
    }

    /// What the buyer agreed to when the billing key of a session was issued.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn given_consent(&self, id: &SessionId) -> Result<Option<GivenConsent>, StoreError> {
        let row = billing_key::Entity::find()
            .filter(billing_key::Column::SessionId.eq(id.expose()))
            .one(&self.read)
            .await?;
        Ok(row.map(convert::given_consent).transpose()?.flatten())
    }

    /// Records what the fail page was told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn report_failure(
        &self,
        id: &SessionId,
        report: &Report<'_>,
        now: Millis,
    ) -> Result<(), StoreError> {
        let known: Vec<i64> = failure_report::Entity::find()
            .select_only()
            .column(failure_report::Column::Id)
            .filter(failure_report::Column::SessionId.eq(id.expose()))
            .limit(MAX_REPORTS as u64)
            .into_tuple()
            .all(&self.read)
            .await?;
        if known.len() >= MAX_REPORTS {
            return Ok(());
        }
        let row = failure_report::ActiveModel {
            id: NotSet,
            session_id: Set(id.expose().to_owned()),
            code: Set(report.code.to_owned()),
            message: Set(report.message.to_owned()),
            order_id: Set(report.order_id.map(|id| id.as_str().to_owned())),
            created_at: Set(now.0),
        };
        failure_report::Entity::insert(row)
            .exec(&self.write)
            .await?;
        Ok(())
    }
}
