//! Child processes: each in a group of its own, stopped when we stop, their words kept in a file.

use std::{
    fmt,
    fs::{self, File},
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

static STOP: AtomicBool = AtomicBool::new(false);

const LOOK: Duration = Duration::from_millis(50);
/// How long a child may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// How often a long step says that it is alive when nobody watches a terminal.
const HEARTBEAT: Duration = Duration::from_mins(1);

/// The user stopped us. Nothing is left to be said.
#[derive(Debug)]
pub(crate) struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

impl std::error::Error for Stopped {}

/// From now on Ctrl-C, SIGTERM and SIGHUP end whatever waits here, and children with it.
///
/// # Errors
/// The system refuses the handler.
pub(crate) fn catch_signals() -> Result<()> {
    ctrlc::set_handler(|| STOP.store(true, Ordering::SeqCst)).context("cannot catch Ctrl-C")
}

/// # Errors
/// [`Stopped`], when it is time.
pub(crate) fn check_stopped() -> Result<()> {
    if STOP.load(Ordering::SeqCst) {
        return Err(Stopped.into());
    }
    Ok(())
}

/// Waits a moment between two looks.
///
/// # Errors
/// [`Stopped`], when it is time.
pub(crate) fn pause() -> Result<()> {
    thread::sleep(LOOK);
    check_stopped()
}

/// A child and whatever it started. Dropping it stops them all.
#[derive(Debug)]
#[must_use = "it stops when dropped"]
pub(crate) struct Group(Child);

impl Group {
    /// Starts a command in a group of its own, without input.
    ///
    /// # Errors
    /// The program cannot be started.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn().with_context(|| {
            format!(
                "cannot start {}",
                Path::new(command.get_program()).display()
            )
        })?;
        Ok(Self(child))
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// The system cannot tell, or it is time to stop.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            pause()?;
        }
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system cannot tell.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.0.try_wait().context("cannot watch a child process")
    }

    #[cfg(unix)]
    fn signal(&self, signal: nix::sys::signal::Signal) {
        if let Ok(id) = i32::try_from(self.0.id()) {
            // A group that has ended needs no signal.
            let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), signal);
        }
    }

    /// Stops them all: those that do not end in time are killed.
    #[cfg(unix)]
    pub(crate) fn stop(&mut self) {
        use nix::sys::signal::Signal;

        if matches!(self.0.try_wait(), Ok(Some(_))) {
            // What it left behind, such as a browser, is still in its group.
            self.signal(Signal::SIGKILL);
            return;
        }
        self.signal(Signal::SIGTERM);
        let end = Instant::now() + GRACE;
        while Instant::now() < end {
            if matches!(self.0.try_wait(), Ok(Some(_)) | Err(_)) {
                break;
            }
            thread::sleep(LOOK);
        }
        self.signal(Signal::SIGKILL);
        let _ = self.0.wait();
    }

    /// Stops the child.
    #[cfg(not(unix))]
    pub(crate) fn stop(&mut self) {
        // Fails for a child that has ended, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs a command to its end with its output on the terminal.
///
/// # Errors
/// It cannot be started, or it is time to stop.
pub(crate) fn show(command: &mut Command) -> Result<bool> {
    Ok(Group::start(command)?.wait()?.success())
}

/// Runs a command to its end with its output in a file, and shows that it is alive.
#[derive(Debug)]
pub(crate) struct Logged {
    /// What it is, for people.
    pub(crate) name: &'static str,
    /// Where its output goes. An earlier file is replaced.
    pub(crate) log: PathBuf,
    /// After this it is stopped.
    pub(crate) limit: Duration,
}

impl Logged {
    /// Runs it; true when it succeeded.
    ///
    /// # Errors
    /// It cannot be started, took too long, or it is time to stop.
    pub(crate) fn run(&self, command: &mut Command) -> Result<bool> {
        let output = create(&self.log)?;
        let errors = output.try_clone().context("cannot write the log")?;
        let mut group = Group::start(command.stdout(output).stderr(errors))?;
        let alive = Alive::new(self.name);
        loop {
            if let Some(status) = group.ended()? {
                return Ok(status.success());
            }
            pause()?;
            alive.look(&self.log);
            if alive.since.elapsed() > self.limit {
                bail!(
                    "{} was stopped after {} minutes; its output is in {}",
                    self.name,
                    self.limit.as_secs() / 60,
                    self.log.display()
                );
            }
        }
    }
}

/// Opens an empty file for a child's output, with its folder.
///
/// # Errors
/// It cannot be created.
pub(crate) fn create(log: &Path) -> Result<File> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    File::create(log).with_context(|| format!("cannot create {}", log.display()))
}

/// Shows the last words of a running child: continuously on a terminal, now and then elsewhere.
struct Alive {
    name: &'static str,
    since: Instant,
    terminal: bool,
    shown: std::cell::Cell<Duration>,
}

impl Alive {
    fn new(name: &'static str) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let shown = std::cell::Cell::new(Duration::ZERO);
        Self {
            name,
            since: Instant::now(),
            terminal,
            shown,
        }
    }

    fn look(&self, log: &Path) {
        let every = if self.terminal {
            Duration::from_secs(1)
        } else {
            HEARTBEAT
        };
        let elapsed = self.since.elapsed();
        if elapsed < self.shown.get() + every {
            return;
        }
        self.shown.set(elapsed);
        let words: String = last(log).chars().take(60).collect();
        let line = format!("  …    {} ({}) {words}", self.name, took(elapsed));
        if self.terminal {
            print!("\r\x1b[2K{line}");
            // A terminal that is gone needs no progress.
            let _ = std::io::stdout().flush();
        } else {
            println!("{line}");
        }
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        if self.terminal {
            print!("\r\x1b[2K");
        }
    }
}

/// A duration for people.
pub(crate) fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f32());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

/// The last lines of a log, without cargo's list of crates; empty when there is none.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().filter(|line| tells(line)).collect();
    all.get(all.len().saturating_sub(lines)..)
        .unwrap_or_default()
        .join("\n")
}

fn tells(line: &str) -> bool {
    const CHATTER: [&str; 6] = [
        "Compiling ",
        "Checking ",
        "Downloading ",
        "Downloaded ",
        "Updating ",
        "Documenting ",
    ];
    let line = line.trim_start();
    !line.is_empty() && !CHATTER.iter().any(|word| line.starts_with(word))
}

/// The last line of a log, whatever it says.
fn last(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    last.unwrap_or_default().trim().to_owned()
}

/// What a short command prints, or nothing when it cannot be started or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(took(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(took(Duration::from_secs(61)), "1 min 01 s");
    }

    #[test]
    fn a_tail_leaves_out_the_list_of_crates() {
        let log = std::env::temp_dir().join(format!("xtask-tail-{}", std::process::id()));
        fs::write(
            &log,
            "   Compiling a v1\nerror: b\n\n  --> c\n    Checking d v2\n",
        )
        .unwrap();
        assert_eq!(tail(&log, 9), "error: b\n  --> c");
        assert_eq!(tail(&log, 1), "  --> c");
        assert_eq!(last(&log), "Checking d v2");
        fs::remove_file(log).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn dropping_a_group_stops_grandchildren_too() {
        let folder = std::env::temp_dir().join(format!("xtask-group-{}", std::process::id()));
        let log = folder.join("log");
        let output = create(&log).unwrap();
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 60 & echo $!; wait"])
            .stdout(output);
        let group = Group::start(&mut command).unwrap();
        while tail(&log, 1).is_empty() {
            thread::sleep(LOOK);
        }
        let grandchild: i32 = tail(&log, 1).parse().unwrap();
        drop(group);
        let alive = || nix::sys::signal::kill(nix::unistd::Pid::from_raw(grandchild), None).is_ok();
        let end = Instant::now() + GRACE;
        // Whoever adopted it has to collect it, which takes a moment.
        while alive() && Instant::now() < end {
            let stat = fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
            if stat.contains(") Z ") {
                break;
            }
            thread::sleep(LOOK);
        }
        assert!(Instant::now() < end, "{grandchild} still runs");
        fs::remove_dir_all(folder).unwrap();
    }
}
