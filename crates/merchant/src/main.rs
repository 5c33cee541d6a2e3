//! `toss-merchant`: the reference backend of toss-checkout.

use std::{io::Write, process::ExitCode};

use toss_merchant::{
    app::{self, App},
    cli::{Cli, Command, Context, Failure, RecordsCommand},
    clock::Clock,
    config::{Args, Config},
    doctor,
};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The operator's mistake, as opposed to a failure while running (1).
const MISCONFIGURED: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::read();
    let filter = EnvFilter::try_from_env("RUST_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,toss_merchant=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_target(false)
        .init();
    let command = cli.command_to_run();
    let out = &mut std::io::stdout();
    match command {
        Command::Serve => serve(cli.settings).await,
        Command::Migrate => migrate(cli.settings).await,
        Command::Doctor { order } => {
            let report = doctor::examine(cli.settings, order.as_deref()).await;
            let _ = write!(out, "{report}");
            ExitCode::from(u8::from(!report.is_good()))
        }
        Command::Records(command) => records(cli.settings, command).await,
    }
}

/// Runs a command on the database of a server that may be running.
async fn records(settings: Args, command: RecordsCommand) -> ExitCode {
    let done = async {
        let context = Context::open(settings).await?;
        let mut out = std::io::BufWriter::new(std::io::stdout());
        let done = command.run(&context, &mut out).await;
        context.store.close().await?;
        done?;
        out.flush()?;
        anyhow::Ok(())
    };
    match done.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match Failure::of(&error) {
            Failure::Unread => ExitCode::SUCCESS,
            Failure::Failed => fail(&format!("{error:#}"), 1),
            Failure::Misconfigured => fail(&format!("{error:#}"), MISCONFIGURED),
        },
    }
}

async fn serve(settings: Args) -> ExitCode {
    let app = match bind(settings).await {
        Ok(app) => app,
        Err(error) => return fail(&format!("{error:#}"), MISCONFIGURED),
    };
    let stop_signal = match stop_signal() {
        Ok(future) => future,
        Err(error) => return fail(&format!("cannot listen for signals: {error}"), 1),
    };
    // Others wait for this line. Nobody reads it any more when writing fails.
    let _ = writeln!(std::io::stdout(), "listening http://{}", app.address());
    match app.serve(stop_signal).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}"), 1),
    }
}

async fn migrate(settings: Args) -> ExitCode {
    let upgraded = async {
        let config = Config::try_from(settings)?;
        let store = app::open(&config, &Clock::system()).await?;
        store.close().await?;
        anyhow::Ok(())
    };
    match upgraded.await {
        Ok(()) => {
            let _ = writeln!(std::io::stdout(), "the database is up to date");
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("{error:#}"), MISCONFIGURED),
    }
}

async fn bind(settings: Args) -> anyhow::Result<App> {
    let config = Config::try_from(settings)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let clock = app::clock(&config).await?;
    App::bind(config, clock).await
}

fn fail(text: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "toss-merchant: {text}");
    ExitCode::from(code)
}

/// Ctrl-C, or what a service manager sends. Listens for them from the call on, not from the first
/// poll: a signal that comes right after the start must not end the process before its work is put away.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
