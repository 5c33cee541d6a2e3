//! `cargo xtask gallery`: every screen of the page, to be looked at and to be checked. Trunk builds
//! and serves it.

use std::{
    net::TcpStream,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;

use crate::{
    log, page, paths,
    playwright::{Run, Target},
    ports,
    process::{self, Group},
    setup,
};

/// It builds once more before it serves.
const START_LIMIT: Duration = Duration::from_mins(10);

/// Every screen, with axe-core and the keyboard.
pub(crate) const WALK: Run = Run::of("gallery", &["gallery"]);
const PICTURES: Run = Run::of("pictures", &["pictures"]);

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

/// Shows the gallery, or takes its pictures; true when that was possible.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let tools = setup::page()?;
    println!("building the gallery");
    let log = paths::log("gallery")?;
    let mut gallery = start(&tools, args.port, &log)?;
    if args.pictures {
        println!("the pictures come to e2e/gallery");
        return PICTURES.show(gallery.target());
    }
    println!("ready {}", gallery.address);
    while gallery.server.ended()?.is_none() && process::pause().is_ok() {}
    println!("stopping");
    Ok(true)
}

/// The gallery while it can be opened.
#[derive(Debug)]
#[must_use = "it ends when dropped"]
pub(crate) struct Gallery {
    address: String,
    server: Group,
}

/// Builds it with these tools, optimised as what buyers get, and serves it.
pub(crate) fn start(tools: &[PathBuf], port: u16, log: &Path) -> Result<Gallery> {
    const CONFIG: &str = "--release --offline --config assets/gallery/Trunk.toml";
    let dist = paths::state("gallery")?.join("dist");
    // Serving builds, too, but goes on when that fails.
    let mut build = page::trunk(&format!("build {CONFIG}"), &dist, tools)?;
    log::must("gallery", log, &mut build)?;
    let port = if port == 0 {
        let [free] = ports::free()?;
        free
    } else {
        ports::need([(port, "--port")])?;
        port
    };
    let mut serve = page::trunk(&format!("serve {CONFIG} --port {port}"), &dist, tools)?;
    let mut server = Group::start_logged(&mut serve, log)?;
    server.until("the gallery's server", log, START_LIMIT, |_| {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    })?;
    let address = format!("http://127.0.0.1:{port}/");
    Ok(Gallery { address, server })
}

impl Gallery {
    /// Where Playwright finds it.
    pub(crate) fn target(&self) -> Target {
        ("GALLERY_URL", self.address.clone())
    }
}
