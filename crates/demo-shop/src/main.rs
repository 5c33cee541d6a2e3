//! `demo-shop`: see the library's documentation.

use std::io::Write;

use anyhow::Context;
use clap::Parser;
use demo_shop::{CheckoutApi, Shop, routes};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// A shop to try toss-checkout with.
#[derive(Debug, Parser)]
#[command(name = "demo-shop", version)]
struct Args {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,

    /// Origin under which buyers reach this shop [default: the address listened on]
    #[arg(long, env = "PUBLIC_ORIGIN")]
    public_origin: Option<String>,

    /// Origin of toss-merchant
    #[arg(long, env = "CHECKOUT_API", default_value = "http://127.0.0.1:8070")]
    checkout_api: String,

    /// Opens the merchant API
    #[arg(long, env = "MERCHANT_API_KEY", hide_env_values = true)]
    merchant_api_key: SecretString,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let filter = EnvFilter::try_from_env("RUST_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_target(false)
        .init();
    let listener = TcpListener::bind(&args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let here = format!("http://{}", listener.local_addr()?);
    let shop = Shop {
        api: CheckoutApi::new(&args.checkout_api, args.merchant_api_key)?,
        origin: args.public_origin.unwrap_or_else(|| here.clone()),
    };
    // Others wait for this line. Nobody reads it any more when writing fails.
    let _ = writeln!(std::io::stdout(), "listening {here}");
    axum::serve(listener, routes(shop)).await?;
    Ok(())
}
