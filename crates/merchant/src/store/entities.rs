//! Tables as sea-orm sees them. Everything outside `store` uses the types of `store::records`.

pub(super) mod session {
    //! `sessions`
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        pub id: String,
        pub kind: String,
        pub status: String,
        pub revision: i64,
        pub order_id: Option<String>,
        pub order_name: String,
        pub amount: Option<i64>,
        pub customer_key: String,
        pub methods: String,
        pub customer: String,
        pub virtual_account: Option<String>,
        pub plan: Option<String>,
        pub charge_now: bool,
        pub consent: Option<String>,
        pub locale: Option<String>,
        pub return_url: Option<String>,
        pub expires_at: i64,
        pub result: Option<String>,
        pub payment_key: Option<String>,
        pub secret_digest: Option<String>,
        pub due_at: Option<i64>,
        pub next_check_at: Option<i64>,
        pub idempotency_key: Option<String>,
        pub request_digest: Option<String>,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod attempt {
    //! `attempts`
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub session_id: String,
        pub kind: String,
        pub key_digest: Option<String>,
        pub sealed_key: Option<String>,
        pub idempotency_key: String,
        pub order_id: Option<String>,
        pub amount: Option<i64>,
        pub status: String,
        pub failure_code: Option<String>,
        pub failure_message: Option<String>,
        pub failure_status: Option<i32>,
        pub tries: i32,
        pub lease_until: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub consent: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod billing_key {
    //! `billing_keys`
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "billing_keys")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub session_id: String,
        pub customer_key: String,
        pub sealed_key: String,
        pub key_digest: String,
        pub method: Option<String>,
        pub created_at: i64,
        pub consent_version: Option<String>,
        pub consent_text: Option<String>,
        pub consent_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod webhook_event {
    //! `webhook_events`
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_events")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        pub transmission_id: String,
        pub event_type: String,
        pub order_id: Option<String>,
        pub claimed_status: Option<String>,
        pub secret_digest: Option<String>,
        pub state: String,
        pub note: Option<String>,
        pub deliveries: i32,
        pub tries: i32,
        pub next_try_at: i64,
        pub received_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod failure_report {
    //! `failure_reports`
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "failure_reports")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub session_id: String,
        pub code: String,
        pub message: String,
        pub order_id: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
