//! `cargo xtask bench merchant`: how many confirms per second, each on the disk before it is answered.

use std::process::Command;

use anyhow::Result;
use serde_json::json;

use crate::{
    paths, ports,
    postgres::{Durability, Postgres},
    process,
    programs::{self, CLIENT_KEY, SECRET_KEY, Server, address, backend},
    secrets::Keys,
    tools,
};

/// Measures the backend on both databases and the Express server, all against one sandbox.
pub(super) fn run() -> Result<bool> {
    let claim = paths::claim("bench-merchant")?;
    let state = &claim.folder.join("state");
    paths::remove(state)?;
    tools::npm_ci(&paths::e2e().join("bench/express"))?;
    let postgres = Postgres::start(Durability::Full)?;
    let programs = programs::build_optimised(&paths::log("programs")?)?;
    let [sandbox, sqlite, postgresql, reference] = ports::free()?;

    let mut command = Command::new(programs.join("toss-sandbox"));
    command.args(["--listen", &address(sandbox)]);
    let sandbox = Server::start("sandbox", sandbox, command, state)?;

    let keys = Keys::of(state)?;
    let start = |name, port, database: &str| {
        let mut command = Command::new(programs.join("toss-merchant"));
        backend(&mut command, database, &sandbox.origin, &keys)
            .args(["--listen", &address(port)])
            // Nobody opens the page.
            .env("PAGE_DIR", state);
        Server::start(name, port, command, state)
    };
    let file = format!("sqlite://{}", state.join("bench.db").display());
    let sqlite = start("sqlite", sqlite, &file)?;
    let postgresql = start("postgresql", postgresql, &postgres.url)?;

    let mut command = process::node("bench/express/server.mjs");
    command
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
    let mut node = process::node("bench/merchant.mjs");
    node.env("SANDBOX_URL", &sandbox.origin)
        .env("CLIENT_KEY", CLIENT_KEY)
        .env("PEERS", peers.to_string());
    process::show(&mut node)
}
