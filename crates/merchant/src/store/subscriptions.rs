//! [`SubscriptionRecords`] on this database.

mod charge_stops;
mod charges;
mod wake;

use async_trait::async_trait;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Statement,
};
use toss_checkout_contract::CustomerKey;

pub(super) use self::wake::{wake_by_invoice, wake_by_method};
#[cfg(test)]
pub(super) use self::{charges::last_charges, wake::held};
use super::{
    Engine, Store,
    claim::{correct_rate, due_rows},
    columns::Text,
    database,
    entities::{
        attempt, consent, invoice, notice, notice_delivery, payment, payment_method, refund, shop,
        subscription,
    },
    records::subscription as records,
    repository::listed,
    writer::Outcome,
};
use crate::{
    application::{
        ports::{Listed, Page, Queue, RecordsError},
        subscription_records::{
            ChargeOutcome, ChargeStop, SubscriptionFilter, SubscriptionRecords,
        },
    },
    domain::{
        attempt::Attempt,
        ids::{InvoiceId, NoticeId, PaymentId, PaymentMethodId, ShopId, SubscriptionId},
        payment::Payment,
        payment_method::PaymentMethod,
        refund::Refund,
        subscription::{
            Subscription,
            consent::ConsentRecord,
            invoice::{Invoice, InvoiceStatus},
            notice::Notice,
            notice_delivery::NoticeDelivery,
        },
        time::Millis,
    },
};

pub(super) const OWED: [InvoiceStatus; 2] = [InvoiceStatus::Open, InvoiceStatus::Held];

#[async_trait]
impl SubscriptionRecords for Store {
    async fn subscription(
        &self,
        id: &SubscriptionId,
    ) -> Result<Option<Subscription>, RecordsError> {
        let query =
            subscription::Entity::find().filter(subscription::Column::Id.eq(Text(id.clone())));
        self.one("subscriptions", query, records::record).await
    }

    async fn subscriptions(
        &self,
        page: Page,
        filter: &SubscriptionFilter,
    ) -> Result<Vec<Listed<Subscription>>, RecordsError> {
        let query = subscription::Entity::find()
            .apply_if(page.before, |query, before| {
                query.filter(subscription::Column::Seq.lt(before))
            })
            .apply_if(filter.customer_key.clone(), |query, key| {
                query.filter(subscription::Column::CustomerKey.eq(Text(key)))
            })
            .apply_if(filter.status, |query, status| {
                query.filter(subscription::Column::Status.eq(Text(status)))
            })
            .apply_if(filter.needs_attention.then_some(()), |query, ()| {
                query.filter(subscription::Column::NeedsAttention.is_not_null())
            })
            .order_by_desc(subscription::Column::Seq)
            .limit(page.limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("subscriptions", row, records::record))
            .collect()
    }

    async fn subscription_cursor(&self, id: &SubscriptionId) -> Result<Option<i64>, RecordsError> {
        let query =
            subscription::Entity::find().filter(subscription::Column::Id.eq(Text(id.clone())));
        self.number(query, subscription::Column::Seq).await
    }

    async fn owed_invoice(&self, of: &SubscriptionId) -> Result<Option<Invoice>, RecordsError> {
        let query = invoice::Entity::find()
            .filter(invoice::Column::SubscriptionId.eq(Text(of.clone())))
            .filter(invoice::Column::Status.is_in(OWED.map(Text)));
        self.one("invoices", query, records::invoice).await
    }

    async fn invoice(&self, id: &InvoiceId) -> Result<Option<Invoice>, RecordsError> {
        let query = invoice::Entity::find().filter(invoice::Column::Id.eq(Text(id.clone())));
        self.one("invoices", query, records::invoice).await
    }

    async fn owed_invoices(&self, of: &[SubscriptionId]) -> Result<Vec<Invoice>, RecordsError> {
        let query = invoice::Entity::find()
            .filter(invoice::Column::SubscriptionId.is_in(of.iter().cloned().map(Text)))
            .filter(invoice::Column::Status.is_in(OWED.map(Text)));
        self.all("invoices", query, records::invoice).await
    }

    async fn invoices(
        &self,
        of: &SubscriptionId,
        page: Page,
    ) -> Result<Vec<Listed<Invoice>>, RecordsError> {
        let query = invoice::Entity::find()
            .filter(invoice::Column::SubscriptionId.eq(Text(of.clone())))
            .apply_if(page.before, |query, before| {
                query.filter(invoice::Column::Seq.lt(before))
            })
            .order_by_desc(invoice::Column::Seq)
            .limit(page.limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("invoices", row, records::invoice))
            .collect()
    }

    async fn invoice_cursor(&self, id: &InvoiceId) -> Result<Option<i64>, RecordsError> {
        let query = invoice::Entity::find().filter(invoice::Column::Id.eq(Text(id.clone())));
        self.number(query, invoice::Column::Seq).await
    }

    async fn attempts_of_invoice(&self, id: &InvoiceId) -> Result<Vec<Attempt>, RecordsError> {
        let query = attempt::Entity::find()
            .filter(attempt::Column::InvoiceId.eq(Text(id.clone())))
            .order_by_asc(attempt::Column::ChargeNo);
        self.all("attempts", query, super::records::attempt::record)
            .await
    }

    async fn attempts_of_invoices(&self, ids: &[InvoiceId]) -> Result<Vec<Attempt>, RecordsError> {
        let query = attempt::Entity::find()
            .filter(attempt::Column::InvoiceId.is_in(ids.iter().cloned().map(Text)))
            .order_by_asc(attempt::Column::ChargeNo);
        self.all("attempts", query, super::records::attempt::record)
            .await
    }

    async fn payments_of(&self, ids: &[PaymentId]) -> Result<Vec<Payment>, RecordsError> {
        let query = payment::Entity::find()
            .filter(payment::Column::Id.is_in(ids.iter().cloned().map(Text)));
        self.all("payments", query, super::records::payment::record)
            .await
    }

    async fn refunds_of(&self, payments: &[PaymentId]) -> Result<Vec<Refund>, RecordsError> {
        let query = refund::Entity::find()
            .filter(refund::Column::PaymentId.is_in(payments.iter().cloned().map(Text)))
            .order_by_asc(refund::Column::CreatedAt)
            .order_by_asc(refund::Column::Id);
        self.all("refunds", query, super::records::refund::record)
            .await
    }

    async fn consents(&self, of: &SubscriptionId) -> Result<Vec<ConsentRecord>, RecordsError> {
        let query = consent::Entity::find()
            .filter(consent::Column::SubscriptionId.eq(Text(of.clone())))
            .order_by_asc(consent::Column::Seq);
        self.all("consents", query, records::consent).await
    }

    async fn consents_of(&self, of: &[SubscriptionId]) -> Result<Vec<ConsentRecord>, RecordsError> {
        let query = consent::Entity::find()
            .filter(consent::Column::SubscriptionId.is_in(of.iter().cloned().map(Text)))
            .order_by_asc(consent::Column::Seq);
        self.all("consents", query, records::consent).await
    }

    async fn methods_of(
        &self,
        ids: &[PaymentMethodId],
    ) -> Result<Vec<PaymentMethod>, RecordsError> {
        let query = payment_method::Entity::find()
            .filter(payment_method::Column::Id.is_in(ids.iter().cloned().map(Text)));
        self.all("payment_methods", query, super::records::method::record)
            .await
    }

    async fn consents_of_customer(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<ConsentRecord>, RecordsError> {
        let query = consent::Entity::find()
            .filter(consent::Column::CustomerKey.eq(Text(customer.clone())))
            .order_by_asc(consent::Column::Seq);
        self.all("consents", query, records::consent).await
    }

    async fn notice(&self, id: &NoticeId) -> Result<Option<Notice>, RecordsError> {
        let query = notice::Entity::find().filter(notice::Column::Id.eq(Text(id.clone())));
        self.one("notices", query, records::notice).await
    }

    async fn notices_of_customer(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<Notice>, RecordsError> {
        let query = notice::Entity::find()
            .filter(notice::Column::CustomerKey.eq(Text(customer.clone())))
            .order_by_asc(notice::Column::Seq);
        self.all("notices", query, records::notice).await
    }

    async fn notice_deliveries(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<NoticeDelivery>, RecordsError> {
        let query = notice_delivery::Entity::find()
            .filter(notice_delivery::Column::CustomerKey.eq(Text(customer.clone())))
            .order_by_asc(notice_delivery::Column::Seq);
        self.all("notice_deliveries", query, records::notice_delivery)
            .await
    }

    async fn last_charges(
        &self,
        shop: &ShopId,
        after: Option<Millis>,
        limit: u64,
    ) -> Result<Vec<ChargeOutcome>, RecordsError> {
        charges::last(&self.read, shop, after, limit)
            .await
            .map_err(database)
    }

    async fn charge_stop(&self, shop: &ShopId) -> Result<ChargeStop, RecordsError> {
        let row: Option<(Option<Millis>, Option<Millis>)> = shop::Entity::find()
            .select_only()
            .column(shop::Column::ChargesStoppedUntil)
            .column(shop::Column::ChargesResumedAt)
            .filter(shop::Column::Id.eq(Text(shop.clone())))
            .into_tuple()
            .one(&self.read)
            .await
            .map_err(database)?;
        let (until, resumed_at) = row.unwrap_or_default();
        Ok(ChargeStop { until, resumed_at })
    }

    async fn stop_charges(
        &self,
        shop: &ShopId,
        before: Option<Millis>,
        until: Option<Millis>,
        now: Millis,
    ) -> Result<bool, RecordsError> {
        let shop = shop.clone();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let stopped = charge_stops::change(tx, &shop, before, until, now).await?;
                    Ok(Outcome::Keep(stopped))
                })
            })
            .await
    }

    async fn correct_rate(
        &self,
        shop: &ShopId,
        made: u32,
        rate: u32,
        now: Millis,
    ) -> Result<(), RecordsError> {
        let shop = shop.clone();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    correct_rate(tx, shop.as_str(), made, rate, now).await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await
    }

    async fn is_any_due(&self, now: Millis) -> Result<bool, RecordsError> {
        let due = due_rows(Queue::Subscriptions, None, now, 1, false);
        let found = self.read.query_one(&due).await.map_err(database)?;
        Ok(found.is_some())
    }

    async fn database_clock(&self) -> Result<Option<Millis>, RecordsError> {
        if self.engine == Engine::Sqlite {
            return Ok(None);
        }
        let statement = Statement::from_string(
            self.read.get_database_backend(),
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
        );
        let row = self.read.query_one_raw(statement).await.map_err(database)?;
        row.map(|row| row.try_get_by_index(0).map(Millis))
            .transpose()
            .map_err(database)
    }
}
