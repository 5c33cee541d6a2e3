//! A look at a database that changes nothing in it: for `doctor`.

use std::path::{Path, PathBuf};

use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use toss_checkout_contract::OrderId;

use super::{
    OpenError,
    columns::Text,
    connection,
    connection::{Engine, one},
    entities::{payment, shop},
    migrations, sealing,
    sealing::Sealing,
    writer,
};
use crate::domain::ids::ShopId;

/// What a database is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Which database it is.
    pub engine: Engine,
    /// The database's own version; `None` for a file that does not exist yet.
    pub server: Option<String>,
    /// The version of its tables; 0: it has none yet.
    pub schema: usize,
    /// The version of tables that this program works with.
    pub known: usize,
    /// Whether tables and rows can be written.
    pub can_write: bool,
    /// The file, when it is one.
    pub file: Option<PathBuf>,
    /// For each shop the newest order that Toss knows by its keys.
    pub orders: Vec<(ShopId, OrderId)>,
    /// What is sealed with which keys; not looked at when the tables are of another version.
    pub sealing: Option<Sealing>,
}

/// Looks at the database of this address. A file that does not exist is not made. `keys`: the names of the keys
/// that the operator has.
///
/// # Errors
/// It cannot be opened.
pub async fn inspect(url: &str, keys: &[&str]) -> Result<Inspection, OpenError> {
    let engine = Engine::of_url(url).ok_or(OpenError::Unsupported)?;
    let file = (engine == Engine::Sqlite).then(|| connection::file(url));
    let mut found = Inspection {
        engine,
        server: None,
        schema: 0,
        known: migrations::KNOWN,
        can_write: false,
        file,
        orders: Vec::new(),
        sealing: None,
    };
    if let Some(file) = &found.file
        && !file.exists()
    {
        found.can_write = folder(file).is_some_and(can_create);
        return Ok(found);
    }
    let database = connection::open_one(url, engine).await?;
    let looked = look(&database, keys, &mut found).await;
    database.close_by_ref().await?;
    looked?;
    Ok(found)
}

/// The version of the tables of the database at this address, 0 if it has none; `None` for a file that does
/// not exist.
///
/// # Errors
/// It cannot be opened.
pub(super) async fn schema_of(url: &str, engine: Engine) -> Result<Option<usize>, OpenError> {
    if engine == Engine::Sqlite && !connection::file(url).exists() {
        return Ok(None);
    }
    let database = connection::open_one(url, engine).await?;
    let schema = schema(&database, engine).await;
    database.close_by_ref().await?;
    Ok(Some(schema?))
}

async fn schema(database: &DatabaseConnection, engine: Engine) -> Result<usize, DbErr> {
    let tables = match engine {
        Engine::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'",
        Engine::Postgres => {
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migrations'"
        }
    };
    let tables: Option<i64> = one(database, tables).await?;
    if tables.unwrap_or(0) == 0 {
        return Ok(0);
    }
    let newest: Option<i32> = one(database, "SELECT max(version) FROM schema_migrations").await?;
    Ok(usize::try_from(newest.unwrap_or(0)).unwrap_or(0))
}

async fn look(
    database: &DatabaseConnection,
    keys: &[&str],
    found: &mut Inspection,
) -> Result<(), DbErr> {
    let version = match found.engine {
        Engine::Sqlite => "SELECT sqlite_version()",
        Engine::Postgres => "SELECT current_setting('server_version')",
    };
    found.server = one(database, version).await?;
    found.schema = schema(database, found.engine).await?;
    if found.schema == found.known {
        found.orders = orders(database).await?;
        found.sealing = Some(sealing::look(database, keys).await?);
    }
    found.can_write = match found.engine {
        Engine::Sqlite => match writer::begin(database).await {
            Ok(tx) => tx.rollback().await.is_ok(),
            Err(_) => false,
        },
        Engine::Postgres => one(
            database,
            "SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)",
        )
        .await?
        .unwrap_or(false),
    };
    Ok(())
}

async fn orders(database: &DatabaseConnection) -> Result<Vec<(ShopId, OrderId)>, DbErr> {
    let shops: Vec<Text<ShopId>> = shop::Entity::find()
        .select_only()
        .column(shop::Column::Id)
        .into_tuple()
        .all(database)
        .await?;
    let mut orders = Vec::new();
    for shop in shops {
        let newest: Option<Text<OrderId>> = payment::Entity::find()
            .select_only()
            .column(payment::Column::OrderId)
            .filter(payment::Column::ShopId.eq(shop.clone()))
            .filter(payment::Column::PaymentKey.is_not_null())
            .order_by_desc(payment::Column::Seq)
            .limit(1)
            .into_tuple()
            .one(database)
            .await?;
        orders.extend(newest.map(|order| (shop.0, order.0)));
    }
    Ok(orders)
}

fn folder(file: &Path) -> Option<&Path> {
    let folder = file.parent()?;
    let here = folder.as_os_str().is_empty();
    Some(if here { Path::new(".") } else { folder })
}

fn can_create(folder: &Path) -> bool {
    folder
        .metadata()
        .is_ok_and(|about| about.is_dir() && !about.permissions().readonly())
}
