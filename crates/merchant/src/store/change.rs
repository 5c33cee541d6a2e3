//! One step of a session: everything that belongs to it, or nothing.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::Expr,
};

use super::{
    Store, StoreError, attempts, convert,
    entities::{billing_key, session},
    is_duplicate,
    records::{Change, NewBillingKey, NextCheck, SessionPatch},
};
use crate::clock::Millis;

impl Store {
    /// Does one step of a session in one transaction. `false`: the session, the attempt or the key
    /// is no longer as it was read, nothing was written, and the caller reads again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commit(&self, change: Change<'_>, now: Millis) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let id = change.from.session.id.expose();
        let updated = session::Entity::update_many()
            .set(patch(change.patch, now)?)
            .col_expr(
                session::Column::Revision,
                Expr::value(convert::to_i64(change.from.session.revision + 1)),
            )
            .filter(session::Column::Id.eq(id))
            .filter(session::Column::Revision.eq(convert::to_i64(change.from.session.revision)))
            .exec(&tx)
            .await?;
        if updated.rows_affected != 1 {
            return Ok(false);
        }
        if let Some((attempt, settlement)) = change.settle
            && !attempts::settle(&tx, attempt, settlement, now).await?
        {
            return Ok(false);
        }
        if let Some(attempt) = change.begin
            && !attempts::insert(&tx, attempt).await?
        {
            return Ok(false);
        }
        if let Some(key) = change.billing_key
            && !keep(&tx, id, key, now).await?
        {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Stores a billing key. `false`: the session has one.
async fn keep(
    tx: &DatabaseTransaction,
    session_id: &str,
    key: NewBillingKey,
    now: Millis,
) -> Result<bool, StoreError> {
    let (consent, consent_at) = key.consent.map(|given| (given.consent, given.at.0)).unzip();
    let row = billing_key::ActiveModel {
        id: NotSet,
        session_id: Set(session_id.to_owned()),
        customer_key: Set(key.customer_key.expose().to_owned()),
        sealed_key: Set(key.sealed_key),
        key_digest: Set(key.key_digest),
        method: Set(key.method.map(|method| method.as_str().to_owned())),
        created_at: Set(now.0),
        consent_version: Set(consent.as_ref().map(|it| it.version.to_string())),
        consent_text: Set(consent.as_ref().map(|it| it.text.to_string())),
        consent_at: Set(consent_at),
    };
    match billing_key::Entity::insert(row).exec(tx).await {
        Ok(_) => Ok(true),
        Err(error) if is_duplicate(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn patch(patch: SessionPatch, now: Millis) -> Result<session::ActiveModel, StoreError> {
    let mut row = session::ActiveModel {
        updated_at: Set(now.0),
        ..Default::default()
    };
    if let Some(status) = patch.status {
        row.status = Set(status.as_str().to_owned());
    }
    if let Some(result) = patch.result {
        row.result = Set(Some(convert::to_json(&result)?));
    }
    if let Some(key) = patch.payment_key {
        row.payment_key = Set(Some(key.expose().to_owned()));
    }
    if let Some(digest) = patch.secret_digest {
        row.secret_digest = Set(Some(digest));
    }
    if let Some(due) = patch.due_at {
        row.due_at = Set(Some(due.0));
    }
    if let Some(next) = patch.next_check {
        row.next_check_at = Set(match next {
            NextCheck::At(at) => Some(at.0),
            NextCheck::Never => None,
        });
    }
    Ok(row)
}
