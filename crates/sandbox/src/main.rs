//! The `toss-sandbox` program.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::Parser;
use tokio::signal;
use toss_model::{KeyPair, Rules, Version};
use toss_sandbox::{Config, Sandbox, WebhookTarget};
use tracing_subscriber::EnvFilter;

/// What a person has to know who has never seen the program.
const AFTER_HELP: &str = "\
Begin:
  toss-sandbox --webhook-url http://127.0.0.1:8080/webhooks/toss
  In your page, load     http://127.0.0.1:8090/v2/standard
  instead of             https://js.tosspayments.com/v2/standard
  In your backend, call  http://127.0.0.1:8090
  instead of             https://api.tosspayments.com
  with Toss's own        test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq
  documentation keys     test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R
  Watch, and make deposits: http://127.0.0.1:8090/sandbox

For tests:
  /sandbox/api/payments, billing, webhooks, requests, keys, targets, reset
  /sandbox/clock   GET; POST {\"advance\":\"31d\"}
  /sandbox/faults  GET, DELETE; POST {\"endpoint\":\"confirm\",\"kind\":\"lost_response\"}

Card numbers with outcomes of their own, and all the rest: docs/sandbox.md";

/// Toss Payments without the internet: SDK script, payment window, REST API, webhooks, console.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP, next_line_help = true)]
struct Args {
    /// Where to listen; port 0 takes any free port
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "SANDBOX_LISTEN",
        hide_env_values = true,
        default_value = "127.0.0.1:8090"
    )]
    listen: SocketAddr,

    /// Where webhooks go; repeatable. For some events only EVENT+EVENT=URL, for one merchant EVENT@MERCHANT_ID=URL
    #[arg(
        long = "webhook-url",
        value_name = "URL",
        env = "SANDBOX_WEBHOOK_URL",
        hide_env_values = true,
        value_delimiter = ','
    )]
    webhook_urls: Vec<WebhookTarget>,

    /// Multiplies the waits before webhook retries (1, 4, 16, 64, 256, 1024, 4096 minutes)
    #[arg(
        long,
        value_name = "FACTOR",
        env = "SANDBOX_WEBHOOK_RETRY_SCALE",
        hide_env_values = true,
        default_value_t = 1.0
    )]
    webhook_retry_scale: f64,

    /// Makes generated keys repeat from run to run
    #[arg(
        long,
        value_name = "NUMBER",
        env = "SANDBOX_SEED",
        hide_env_values = true
    )]
    seed: Option<u64>,

    /// One more pair of test keys, if need be with :MERCHANT_ID:API_VERSION behind it; repeatable
    #[arg(
        long = "keys",
        value_name = "CLIENT_KEY:SECRET_KEY",
        env = "SANDBOX_KEYS",
        value_delimiter = ',',
        hide_env_values = true
    )]
    keys: Vec<String>,

    /// The API version of pairs that name none: 2022-11-16 or 2024-06-01
    #[arg(
        long,
        value_name = "DATE",
        env = "SANDBOX_API_VERSION",
        hide_env_values = true,
        default_value = "2022-11-16",
        value_parser = api_version
    )]
    api_version: Version,

    /// Answers 429 to more than so many requests per minute, key and API (Toss's test environment: 100)
    #[arg(
        long,
        value_name = "NUMBER",
        env = "SANDBOX_RATE_LIMIT",
        hide_env_values = true
    )]
    rate_limit: Option<u32>,

    /// Keeps what happened in this file over a restart
    #[arg(
        long = "state",
        value_name = "FILE",
        env = "SANDBOX_STATE",
        hide_env_values = true
    )]
    state_file: Option<PathBuf>,

    /// Changes what Toss's documents leave open; repeatable. The console lists the names
    #[arg(
        long = "assume",
        value_name = "NAME=VALUE",
        env = "SANDBOX_ASSUME",
        hide_env_values = true,
        value_delimiter = ','
    )]
    assume: Vec<String>,

    /// Allows listening on an address that other machines can reach
    #[arg(long)]
    allow_remote: bool,
}

fn api_version(text: &str) -> Result<Version, &'static str> {
    Version::read(text).ok_or("2022-11-16 or 2024-06-01")
}

impl Args {
    fn config(self) -> Result<Config> {
        let mut shops = KeyPair::documented()?;
        for pair in shops.iter_mut().filter(|pair| pair.is_individual()) {
            pair.set_version(self.api_version)?;
        }
        for (index, keys) in self.keys.iter().enumerate() {
            let mut pair = KeyPair::read(keys, &format!("sandbox{}", index + 1))
                .with_context(|| format!("--keys, number {}", index + 1))?;
            let names_version = keys.split(':').count() > 3;
            if !names_version && pair.is_individual() {
                pair.set_version(self.api_version)?;
            }
            shops.push(pair);
        }
        let mut rules = Rules::default();
        for assumption in &self.assume {
            rules.assume(assumption).context("--assume")?;
        }
        Ok(Config {
            listen: self.listen,
            allow_remote: self.allow_remote,
            webhook_urls: self.webhook_urls,
            webhook_retry_scale: self.webhook_retry_scale,
            seed: self.seed,
            shops,
            rules,
            rate_limit: self.rate_limit,
            state_file: self.state_file,
        })
    }
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "whoever starts the program waits for this line, or reads why it did not start"
)]
fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
    let run = || -> Result<()> {
        let config = Args::parse().config()?;
        tokio::runtime::Runtime::new()
            .context("no runtime")?
            .block_on(async {
                let sandbox = Sandbox::bind(config).await?;
                let stop = stop_signal()?;
                println!("listening http://{}", sandbox.address());
                sandbox.serve(stop).await;
                Ok(())
            })
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("toss-sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Ctrl-C, or the polite kill.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()> + Send> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
