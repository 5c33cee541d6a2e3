//! Attempts: the intents and outcomes of requests that move money.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use toss_checkout_contract::SessionId;

use super::{
    Store, StoreError, convert,
    entities::attempt,
    is_duplicate,
    records::{Attempt, AttemptStatus, Settlement},
};
use crate::clock::Millis;

const OPEN: [&str; 2] = [
    AttemptStatus::Pending.as_str(),
    AttemptStatus::Unknown.as_str(),
];

/// Writes an intent down. `false`: the same key was tried before, or another attempt is under way.
pub(super) async fn insert(tx: &DatabaseTransaction, attempt: Attempt) -> Result<bool, StoreError> {
    let row = attempt::ActiveModel {
        id: Set(attempt.id),
        session_id: Set(attempt.session_id.expose().to_owned()),
        kind: Set(attempt.kind.as_str().to_owned()),
        key_digest: Set(attempt.key_digest),
        sealed_key: Set(attempt.sealed_key),
        idempotency_key: Set(attempt.idempotency_key),
        order_id: Set(attempt.order_id.map(|id| id.as_str().to_owned())),
        amount: Set(attempt.amount.map(|amount| convert::to_i64(amount.value()))),
        status: Set(attempt.status.as_str().to_owned()),
        failure_code: Set(None),
        failure_message: Set(None),
        failure_status: Set(None),
        tries: Set(0),
        lease_until: Set(attempt.lease_until.0),
        created_at: Set(attempt.created_at.0),
        updated_at: Set(attempt.created_at.0),
        consent: Set(attempt.consent.as_ref().map(convert::to_json).transpose()?),
    };
    match attempt::Entity::insert(row)
        .exec_without_returning(tx)
        .await
    {
        Ok(_) => Ok(true),
        Err(error) if is_duplicate(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Writes an outcome down. `false`: there is one already.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    id: &str,
    settlement: Settlement,
    now: Millis,
) -> Result<bool, StoreError> {
    let mut row = attempt::ActiveModel {
        updated_at: Set(now.0),
        ..Default::default()
    };
    let status = match settlement {
        Settlement::Succeeded => AttemptStatus::Succeeded,
        Settlement::Declined(failure) => {
            row.failure_code = Set(Some(failure.code.as_str().to_owned()));
            row.failure_message = Set(Some(failure.message));
            row.failure_status = Set(Some(i32::from(failure.status)));
            AttemptStatus::Declined
        }
        Settlement::Unknown(lease_until) => {
            row.lease_until = Set(lease_until.0);
            AttemptStatus::Unknown
        }
    };
    row.status = Set(status.as_str().to_owned());
    let updated = attempt::Entity::update_many()
        .set(row)
        .filter(attempt::Column::Id.eq(id))
        .filter(attempt::Column::Status.is_in(OPEN))
        .exec(tx)
        .await?;
    Ok(updated.rows_affected == 1)
}

impl Store {
    /// All attempts of a session, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn attempts(&self, id: &SessionId) -> Result<Vec<Attempt>, StoreError> {
        attempt::Entity::find()
            .filter(attempt::Column::SessionId.eq(id.expose()))
            .order_by_asc(attempt::Column::CreatedAt)
            .all(&self.read)
            .await?
            .into_iter()
            .map(convert::attempt_record)
            .collect()
    }

    /// Open attempts that nobody works on any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn abandoned(&self, now: Millis, limit: u64) -> Result<Vec<Attempt>, StoreError> {
        attempt::Entity::find()
            .filter(attempt::Column::Status.is_in(OPEN))
            .filter(attempt::Column::LeaseUntil.lte(now.0))
            .order_by_asc(attempt::Column::LeaseUntil)
            .limit(limit)
            .all(&self.read)
            .await?
            .into_iter()
            .map(convert::attempt_record)
            .collect()
    }

    /// Takes an abandoned attempt until `lease_until`. `false`: somebody else was quicker.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_attempt(
        &self,
        attempt: &Attempt,
        lease_until: Millis,
    ) -> Result<bool, StoreError> {
        let updated = attempt::Entity::update_many()
            .col_expr(attempt::Column::LeaseUntil, Expr::value(lease_until.0))
            .col_expr(
                attempt::Column::Tries,
                Expr::col(attempt::Column::Tries).add(1),
            )
            .filter(attempt::Column::Id.eq(&attempt.id))
            .filter(attempt::Column::Status.is_in(OPEN))
            .filter(attempt::Column::LeaseUntil.eq(attempt.lease_until.0))
            .exec(&self.write)
            .await?;
        Ok(updated.rows_affected == 1)
    }

    /// Puts off the next look at an attempt that stays unknown.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_attempt(&self, id: &str, until: Millis) -> Result<(), StoreError> {
        attempt::Entity::update_many()
            .col_expr(attempt::Column::LeaseUntil, Expr::value(until.0))
            .filter(attempt::Column::Id.eq(id))
            .filter(attempt::Column::Status.is_in(OPEN))
            .exec(&self.write)
            .await?;
        Ok(())
    }
}
