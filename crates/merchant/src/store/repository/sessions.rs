//! [`SessionRecords`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, SelectA, SelectB, SelectC,
};
use toss_checkout_contract::{CustomerKey, FailureReport, SessionId};

use super::{by, joined, listed, read_part};
use crate::{
    application::ports::{Checkout, Listed, Page, RecordsError, SessionRecords},
    domain::{session::SessionRecord, time::Millis},
    store::{
        Store,
        columns::Text,
        database,
        entities::{attempt, failure_report, payment, session},
        records,
        writer::Outcome,
    },
};

/// More reports than this say nothing new.
const MAX_REPORTS: usize = 20;
/// What a report may hold. Toss documents at most 510 characters; an address can carry anything.
/// Source: <https://docs.tosspayments.com/reference>.
const MAX_MESSAGE: usize = 510;

#[async_trait]
impl SessionRecords for Store {
    async fn session(&self, id: &SessionId) -> Result<Option<SessionRecord>, RecordsError> {
        self.session_where(by(session::Column::Id.eq(Text(id.clone()))))
            .await
    }

    async fn checkout(&self, id: &SessionId) -> Result<Option<Checkout>, RecordsError> {
        // One statement, so that all of it is of one moment: a row for each attempt, or one without any.
        let query = session::Entity::find()
            .filter(session::Column::Id.eq(Text(id.clone())))
            .find_also_related(payment::Entity)
            .find_also_related(attempt::Entity);
        let rows = self
            .read
            .query_all(&query.into_query())
            .await
            .map_err(database)?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let (session, payment, attempt) = (SelectA.as_str(), SelectB.as_str(), SelectC.as_str());
        let attempts = rows
            .iter()
            .map(|row| joined(attempt, "attempts", row, records::attempt::record));
        Ok(Some(Checkout {
            record: read_part(session, "sessions", first, |row| self.session_record(row))?,
            payment: joined(payment, "payments", first, records::payment::record)?,
            attempts: attempts
                .filter_map(Result::transpose)
                .collect::<Result<_, _>>()?,
        }))
    }

    async fn session_of_request(&self, key: &str) -> Result<Option<SessionRecord>, RecordsError> {
        self.session_where(by(session::Column::IdempotencyKey.eq(key)))
            .await
    }

    async fn sessions(
        &self,
        page: Page,
        customer: Option<&CustomerKey>,
    ) -> Result<Vec<Listed<SessionRecord>>, RecordsError> {
        let query = session::Entity::find()
            .apply_if(page.before, |query, before| {
                query.filter(session::Column::Seq.lt(before))
            })
            .apply_if(customer, |query, key| {
                query.filter(session::Column::CustomerKey.eq(Text(key.clone())))
            })
            .order_by_desc(session::Column::Seq)
            .limit(page.limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("sessions", row, |row| self.session_record(row)))
            .collect()
    }

    async fn session_cursor(&self, id: &SessionId) -> Result<Option<i64>, RecordsError> {
        let query = session::Entity::find().filter(session::Column::Id.eq(Text(id.clone())));
        self.number(query, session::Column::Seq).await
    }

    async fn session_revision(&self, id: &SessionId) -> Result<Option<u64>, RecordsError> {
        let query = session::Entity::find().filter(session::Column::Id.eq(Text(id.clone())));
        let revision = self.number(query, session::Column::Revision).await?;
        Ok(revision.and_then(|revision| u64::try_from(revision).ok()))
    }

    async fn report_failure(
        &self,
        id: &SessionId,
        report: &FailureReport,
        now: Millis,
    ) -> Result<(), RecordsError> {
        let known: Vec<i64> = failure_report::Entity::find()
            .select_only()
            .column(failure_report::Column::Id)
            .filter(failure_report::Column::SessionId.eq(Text(id.clone())))
            .limit(MAX_REPORTS as u64)
            .into_tuple()
            .all(&self.read)
            .await
            .map_err(database)?;
        if known.len() >= MAX_REPORTS {
            return Ok(());
        }
        let row = failure_report::ActiveModel {
            id: NotSet,
            session_id: Set(Text(id.clone())),
            code: Set(report.code.as_str().to_owned()),
            message: Set(report.message.chars().take(MAX_MESSAGE).collect()),
            order_id: Set(report.order_id.clone().map(Text)),
            created_at: Set(now),
        };
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    failure_report::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await
    }
}
