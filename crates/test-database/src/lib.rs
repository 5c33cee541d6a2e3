//! A database of its own for each test, on either engine: a SQLite file in a temporary folder, or a new
//! schema in the PostgreSQL database that `TEST_POSTGRES_URL` names, which a program sees as the whole
//! database. (Dropping a true one makes the server write a checkpoint and takes most of a second.) It goes
//! when it is dropped.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test without its database fails by panicking"
)]

mod postgres;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// The server for tests on PostgreSQL; `cargo xtask test` starts one.
const SERVER: &str = "TEST_POSTGRES_URL";
/// Which engine a suite runs on that is run once per engine: `sqlite`, the default, or `postgres`.
const ENGINE: &str = "TEST_ENGINE";

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A schema in the database of `TEST_POSTGRES_URL`.
    Postgres,
}

impl Engine {
    /// The one that `TEST_ENGINE` names.
    pub fn chosen() -> Self {
        match env::var(ENGINE).as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("{ENGINE} is {other}: sqlite and postgres are known"),
        }
    }

    /// SQLite, and PostgreSQL where there is a server.
    pub fn available() -> Vec<Self> {
        let mut engines = vec![Self::Sqlite];
        if env::var(SERVER).is_ok() {
            engines.push(Self::Postgres);
        }
        engines
    }
}

/// A new, empty database.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    File { path: PathBuf, _folder: TempDir },
    Server { server: String, name: String },
}

/// A copy of a database, as it was.
#[derive(Debug)]
pub struct Backup(TestDatabase);

impl TestDatabase {
    /// Makes one.
    pub async fn create(engine: Engine) -> Self {
        let new = Self::unused(engine);
        if let Place::Server { server, name } = &new.place {
            postgres::execute(server, &[format!("CREATE SCHEMA {name}")]).await;
        }
        new
    }

    fn unused(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().expect("no temporary folder");
                let path = folder.path().join("shop.db");
                Self {
                    url: format!("sqlite://{}", path.display()),
                    place: Place::File {
                        path,
                        _folder: folder,
                    },
                }
            }
            Engine::Postgres => {
                let server = env::var(SERVER).unwrap_or_else(|_| {
                    panic!("{SERVER} is not set; `cargo xtask postgres` starts a server")
                });
                let name = format!("t{}", uuid::Uuid::new_v4().simple());
                Self {
                    url: postgres::url(&server, &name),
                    place: Place::Server { server, name },
                }
            }
        }
    }

    /// Its address, as `DATABASE_URL` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file, on SQLite.
    pub fn file(&self) -> Option<&Path> {
        match &self.place {
            Place::File { path, .. } => Some(path),
            Place::Server { .. } => None,
        }
    }

    /// Everything that it stores, as bytes to search in: on SQLite the files, the log that is not folded
    /// in yet included; on PostgreSQL every row as text.
    pub async fn everything(&self) -> Vec<u8> {
        match &self.place {
            Place::File { path, .. } => {
                let folder = path.parent().expect("a file has a folder");
                let entries = fs::read_dir(folder).expect("the folder is gone");
                entries
                    .flatten()
                    .flat_map(|entry| fs::read(entry.path()).expect("a file is gone"))
                    .collect()
            }
            Place::Server { .. } => postgres::rows(&self.url).await.into_bytes(),
        }
    }

    /// Copies it. Nobody may be using it.
    pub async fn back_up(&self) -> Backup {
        let copy = match &self.place {
            Place::File { path, .. } => {
                let copy = Self::unused(Engine::Sqlite);
                fs::copy(path, copy.file().expect("a file")).expect("it cannot be copied");
                copy
            }
            Place::Server { server, name } => {
                let copy = Self::unused(Engine::Postgres);
                if let Place::Server { name: to, .. } = &copy.place {
                    postgres::back_up(server, name, to).await;
                }
                copy
            }
        };
        Backup(copy)
    }

    /// Makes it what it was. Nobody may be using it.
    pub async fn restore(&self, backup: &Backup) {
        match (&self.place, &backup.0.place) {
            (Place::File { path, .. }, Place::File { path: from, .. }) => {
                for rest in ["-wal", "-shm"] {
                    // Gone already after an orderly end.
                    let _ = fs::remove_file(format!("{}{rest}", path.display()));
                }
                fs::copy(from, path).expect("it cannot be copied");
            }
            (Place::Server { server, name }, Place::Server { name: from, .. }) => {
                postgres::restore(server, from, name).await;
            }
            _ => panic!("a backup of another engine"),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { server, name } = &self.place {
            let (server, statements) = (server.clone(), postgres::dropped(name));
            // A runtime cannot be waited for within another.
            let dropping = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("no runtime");
                runtime.block_on(postgres::execute(&server, &statements));
            });
            // What failed has said so; the server goes after the tests.
            let _ = dropping.join();
        }
    }
}
