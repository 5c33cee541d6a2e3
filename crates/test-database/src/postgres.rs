//! Statements on a PostgreSQL server.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options)
        .await
        .expect("the server of TEST_POSTGRES_URL does not answer")
}

/// The schema's address. Its name is the application's, too, so that its connections can be told apart.
pub(super) fn url(server: &str, schema: &str) -> String {
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options=-csearch_path%3D{schema}&application_name={schema}")
}

/// What removes a schema. Who is still connected to it was killed, and keeps nothing.
pub(super) fn dropped(schema: &str) -> [String; 2] {
    [
        format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{schema}'"
        ),
        format!("DROP SCHEMA {schema} CASCADE"),
    ]
}

pub(super) async fn execute(url: &str, statements: &[String]) {
    let connection = connect(url).await;
    for statement in statements {
        connection
            .execute_unprepared(statement)
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    // Closing it can only fail when it is closed already.
    let _ = connection.close().await;
}

async fn tables(connection: &DatabaseConnection, schema: &str) -> Vec<String> {
    let query = format!("SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'");
    column(connection, &query).await
}

/// Copies the rows of every table into a new schema.
pub(super) async fn back_up(server: &str, from: &str, to: &str) {
    let connection = connect(server).await;
    let mut statements = vec![format!("CREATE SCHEMA {to}")];
    for table in tables(&connection, from).await {
        statements.push(format!("CREATE TABLE {to}.{table} AS TABLE {from}.{table}"));
    }
    let _ = connection.close().await;
    execute(server, &statements).await;
}

/// Puts the copied rows in the place of what is there.
pub(super) async fn restore(server: &str, from: &str, to: &str) {
    let connection = connect(server).await;
    // Tables refer to each other; all rows together are as they were.
    let mut statements = vec!["SET session_replication_role = replica".to_owned()];
    for table in tables(&connection, from).await {
        statements.push(format!("DELETE FROM {to}.{table}"));
        // What the server computes from the others it does not take.
        let stored = format!(
            "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_schema = '{to}' AND table_name = '{table}' AND is_generated = 'NEVER'"
        );
        let columns = column(&connection, &stored).await.join(", ");
        statements.push(format!(
            "INSERT INTO {to}.{table} ({columns}) SELECT {columns} FROM {from}.{table}"
        ));
    }
    let _ = connection.close().await;
    execute(server, &statements).await;
}

/// Every row of every table, as text.
pub(super) async fn rows(url: &str) -> String {
    let connection = connect(url).await;
    let mut all = String::new();
    let schema = column(&connection, "SELECT current_schema()::text").await;
    for table in tables(&connection, &schema.concat()).await {
        let rows = format!("SELECT row::text FROM \"{table}\" AS row");
        for row in column(&connection, &rows).await {
            all += &row;
            all.push('\n');
        }
    }
    let _ = connection.close().await;
    all
}

async fn column(connection: &DatabaseConnection, query: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), query);
    let rows = connection
        .query_all_raw(statement)
        .await
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect()
}
