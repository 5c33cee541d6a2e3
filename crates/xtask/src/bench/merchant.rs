//! `cargo xtask bench merchant`: how many confirms per second, each on the disk before it is answered.

use std::{path::PathBuf, process::Command};

use anyhow::{Result, ensure};
use serde_json::json;

use crate::{
    host, paths, ports,
    postgres::{self, Durability, Postgres},
    process,
    programs::{self, CLIENT_KEY, SECRET_KEY, Server, address},
    secrets::Keys,
};

/// Measures the backend on both databases and the Express server, all against one sandbox.
pub(super) fn run() -> Result<bool> {
    let claim = paths::claim("bench-merchant")?;
    let state = claim.folder.as_path();
    let express = express()?;
    let postgres = Postgres::start(&postgres::ensure()?, Durability::Full)?;
    let programs = programs::build_optimised(&paths::log("programs")?)?;
    let [sandbox, sqlite, postgresql, reference] = ports::free()?;

    let mut command = Command::new(programs.join("toss-sandbox"));
    command.args(["--listen", &address(sandbox)]);
    let sandbox = Server::start("sandbox", sandbox, command, state)?;

    let keys = Keys::of(state)?;
    let backend = |name, port, database: &str| {
        let mut command = Command::new(programs.join("toss-merchant"));
        command
            .args(["--listen", &address(port)])
            .env("DATABASE_URL", database)
            .env("TOSS_CLIENT_KEY", CLIENT_KEY)
            .env("TOSS_SECRET_KEY", SECRET_KEY)
            .env("TOSS_API_BASE", &sandbox.origin)
            .env("TOSS_SDK_URL", format!("{}/v2/standard", sandbox.origin))
            .env("MERCHANT_API_KEY", &keys.api)
            .env("BILLING_KEY_ENCRYPTION_KEYS", &keys.sealing)
            // Nobody opens the page.
            .env("PAGE_DIR", state);
        Server::start(name, port, command, state)
    };
    for file in ["bench.db", "bench.db-wal", "bench.db-shm"] {
        let file = state.join(file);
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    let file = format!("sqlite://{}", state.join("bench.db").display());
    let sqlite = backend("sqlite", sqlite, &file)?;
    let postgresql = backend("postgresql", postgresql, &postgres.url)?;

    let mut command = process::command("node server.mjs");
    command
        .current_dir(&express)
        .env("NODE_ENV", "production")
        .env("LISTEN", address(reference))
        .env("TOSS_API_BASE", &sandbox.origin)
        .env("TOSS_SECRET_KEY", SECRET_KEY);
    let reference = Server::start("express", reference, command, state)?;

    println!("measuring; a quiet machine tells more");
    let peers = json!([
        {"name": "backend on SQLite", "origin": sqlite.origin, "apiKey": keys.api},
        {"name": "backend on PostgreSQL", "origin": postgresql.origin, "apiKey": keys.api},
        {"name": "Express, stores nothing", "origin": reference.origin},
    ]);
    let mut node = process::command("node bench/merchant.mjs");
    node.current_dir(paths::e2e())
        .env("SANDBOX_URL", &sandbox.origin)
        .env("CLIENT_KEY", CLIENT_KEY)
        .env("PEERS", peers.to_string());
    process::show(&mut node)
}

/// The folder of the Express server, with its packages.
fn express() -> Result<PathBuf> {
    let folder = paths::e2e().join("bench/express");
    ensure!(
        process::show(host::npm("ci --ignore-scripts").current_dir(&folder))?,
        "Express could not be installed (see above); it comes over the network"
    );
    Ok(folder)
}
