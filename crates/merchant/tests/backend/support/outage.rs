//! A database that can be taken away and given back.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use test_database::Engine;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};
use url::Url;

use super::Shop;

/// What stands between a backend and its database.
pub(crate) enum Outage {
    /// A proxy that passes everything on while this is true.
    Postgres(watch::Sender<bool>),
    /// Another process that can hold the file's lock.
    Sqlite(DatabaseConnection),
}

impl Outage {
    /// A shop whose database can be taken away.
    pub(crate) async fn shop() -> (Shop, Self) {
        let shop = Shop::open().await;
        if Engine::chosen() == Engine::Sqlite {
            let mut options = ConnectOptions::new(shop.database.url());
            options.max_connections(1);
            let other = Database::connect(options).await.unwrap();
            return (shop, Self::Sqlite(other));
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url = Url::parse(shop.database.url()).unwrap();
        let server = format!("{}:{}", url.host().unwrap(), url.port().unwrap_or(5432));
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port()))
            .unwrap();
        let (passes, watched) = watch::channel(true);
        tokio::spawn(pass(listener, server, watched));
        let mut config = shop.config();
        config.database_url = url.into();
        (shop.restarted_with(config).await, Self::Postgres(passes))
    }

    /// Takes it away: connections end and no new one is taken, or nothing can be written.
    pub(crate) async fn begin(&self) {
        match self {
            Self::Postgres(passes) => drop(passes.send_replace(false)),
            Self::Sqlite(other) => drop(other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap()),
        }
    }

    /// Gives it back.
    pub(crate) async fn end(&self) {
        match self {
            Self::Postgres(passes) => drop(passes.send_replace(true)),
            Self::Sqlite(other) => drop(other.execute_unprepared("ROLLBACK").await.unwrap()),
        }
    }
}

async fn pass(listener: TcpListener, server: String, mut passes: watch::Receiver<bool>) {
    loop {
        let _ = passes.wait_for(|passes| *passes).await;
        let mut ends = passes.clone();
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ends.wait_for(|passes| !*passes) => continue,
        };
        let (mut client, _) = accepted.unwrap();
        let server = server.clone();
        tokio::spawn(async move {
            let mut server = TcpStream::connect(server).await.unwrap();
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                _ = ends.wait_for(|passes| !*passes) => {}
            }
        });
    }
}
