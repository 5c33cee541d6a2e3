//! `cargo xtask gallery`: every screen of the page, to be looked at and to be checked.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    browser::{self, Use},
    count::Count,
    e2e::{self, Journeys},
    places, process, setup, target, tools,
};

const LIMIT: Duration = Duration::from_mins(40);
const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";
/// The page's own policy, as far as a page without a backend needs it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/// What can be chosen.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The port; without one, any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Write a picture of each into e2e/gallery, and end
    #[arg(long)]
    pictures: bool,
}

/// Shows the gallery, or takes its pictures.
///
/// # Errors
/// Something is missing, does not compile, or the port is taken.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let tools = setup::page()?;
    println!("building the gallery");
    let since = Instant::now();
    let dist = build_with(&tools, &places::state("logs")?.join("gallery-build.log"))?;
    println!("built the gallery in {}", process::took(since.elapsed()));
    let gallery = serve(dist, args.port)?;
    if !args.pictures {
        println!("ready {}", gallery.address);
        while process::pause().is_ok() {}
        println!("stopping");
        return Ok(ExitCode::SUCCESS);
    }
    browser::ensure(Use::BrowserOnly)?;
    e2e::install()?;
    let log = places::state("logs")?.join("pictures.log");
    let count = gallery.walk("pictures", &["pictures"], &log)?;
    if count.failed > 0 {
        println!("{}", process::tail(&log, 150));
        return Ok(ExitCode::FAILURE);
    }
    println!("the pictures are in e2e/gallery");
    Ok(ExitCode::SUCCESS)
}

/// Builds it with these tools; its output goes to `log`. Optimised as what buyers get, but not made
/// smaller: nobody downloads it.
///
/// # Errors
/// It does not compile.
pub(crate) fn build_with(tools: &[PathBuf], log: &Path) -> Result<PathBuf> {
    let build = places::wait_for("gallery")?;
    let job = |log: PathBuf| process::Logged {
        name: "gallery",
        log,
        limit: LIMIT,
    };
    let mut cargo = target::cargo()?;
    cargo
        .args([
            "build",
            "--package",
            "toss-checkout",
            "--features",
            "gallery",
        ])
        .args(["--bin", "toss-checkout-gallery"])
        .args(["--profile", PROFILE, "--target", TARGET])
        // As the page is compiled: another flag would compile all dependencies again.
        .env("CARGO_ENCODED_RUSTFLAGS", target::flags_of_the_page());
    if !job(log.to_path_buf()).run(&mut cargo)? {
        bail!(
            "the gallery could not be built:\n{}",
            process::tail(log, 60)
        );
    }
    let dist = build.folder.join("dist");
    tools::remove(&dist)?;
    let compiled = target::folder()?.join(TARGET).join(PROFILE);
    let mut bindgen = Command::new("wasm-bindgen");
    bindgen
        .args([
            "--target",
            "web",
            "--no-typescript",
            "--out-name",
            "gallery",
        ])
        .arg("--out-dir")
        .arg(&dist)
        .arg(compiled.join("toss-checkout-gallery.wasm"))
        .env("PATH", tools::path_with(tools)?);
    let bindings = log.with_extension("bindgen.log");
    if !job(bindings.clone()).run(&mut bindgen)? {
        bail!("wasm-bindgen failed:\n{}", process::tail(&bindings, 60));
    }
    for folder in ["style", "assets", "assets/gallery"] {
        copy(&places::workspace().join(folder), &dist)?;
    }
    let sentences = places::workspace().join("src/text");
    for name in ["ko.txt", "ko-more.txt", "en.txt", "en-more.txt"] {
        fs::copy(sentences.join(name), dist.join(name))
            .with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(dist)
}

/// Copies the files of a folder, without the folders in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let files = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for file in files.flatten().filter(|file| file.path().is_file()) {
        fs::copy(file.path(), to.join(file.file_name()))
            .with_context(|| format!("cannot copy {}", file.path().display()))?;
    }
    Ok(())
}

/// The gallery while it can be opened.
#[derive(Debug)]
#[must_use = "it ends when dropped"]
pub(crate) struct Gallery {
    address: String,
    ended: Arc<AtomicBool>,
}

impl Gallery {
    /// Walks through it with Playwright's projects of these names.
    ///
    /// # Errors
    /// Playwright cannot be started or took too long.
    pub(crate) fn walk(
        &self,
        name: &'static str,
        projects: &'static [&'static str],
        log: &Path,
    ) -> Result<Count> {
        Journeys {
            name,
            projects,
            tag: None,
            log,
        }
        .run_with(&[("GALLERY_URL", &self.address)])
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
    }
}

/// Serves the files of a folder under `/gallery/`.
///
/// # Errors
/// The port is taken.
pub(crate) fn serve(folder: PathBuf, port: u16) -> Result<Gallery> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("port {port} is taken; choose another with --port"))?;
    let port = listener.local_addr().context("no port")?.port();
    let ended = Arc::new(AtomicBool::new(false));
    let (stop, folder) = (ended.clone(), Arc::new(folder));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if stop.load(Ordering::SeqCst) {
                break;
            }
            let folder = folder.clone();
            // A browser that went away has no use for an answer.
            thread::spawn(move || answer(&folder, stream).ok());
        }
    });
    Ok(Gallery {
        address: format!("http://127.0.0.1:{port}/gallery/"),
        ended,
    })
}

fn answer(folder: &Path, mut stream: TcpStream) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().context("no request")??;
    // To the empty line: a connection that closes on unread words loses the answer, too.
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let file = file(&first).and_then(|name| Some((name, fs::read(folder.join(name)).ok()?)));
    let (status, kind, body) = match file {
        Some((name, body)) => ("200 OK", kind(name), body),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         content-security-policy: {POLICY}\r\ncache-control: no-cache\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)?;
    Ok(())
}

/// The name of the file that a request's first line asks for.
fn file(request: &str) -> Option<&str> {
    let address = request.strip_prefix("GET ")?.split(' ').next()?;
    let name = address.split('?').next()?.strip_prefix("/gallery/")?;
    if name.is_empty() {
        return Some("index.html");
    }
    // Nothing but plain names below the folder.
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    (name.split('/').all(plain) && !name.contains(['\\', '%'])).then_some(name)
}

fn kind(name: &str) -> &'static str {
    match Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str())
    {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_are_served() {
        assert_eq!(file("GET /gallery/ HTTP/1.1"), Some("index.html"));
        assert_eq!(file("GET /gallery/?screen=x HTTP/1.1"), Some("index.html"));
        assert_eq!(file("GET /gallery/a/b.js HTTP/1.1"), Some("a/b.js"));
        for other in [
            "GET / HTTP/1.1",
            "POST /gallery/ HTTP/1.1",
            "GET /gallery/../Cargo.toml HTTP/1.1",
            "GET /gallery//etc/passwd HTTP/1.1",
            "GET /gallery/.lock HTTP/1.1",
            "GET /gallery/%2e%2e HTTP/1.1",
            "nonsense",
        ] {
            assert_eq!(file(other), None, "{other}");
        }
    }
}
