//! Child processes: each in a group of its own, stopped when we stop.

use std::{
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use fs_err::{self as fs, File};

use crate::{log, paths};

static STOP: AtomicBool = AtomicBool::new(false);

const LOOK: Duration = Duration::from_millis(50);
/// How long a child may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);

/// The user stopped us. Nothing is left to be said.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
pub(crate) struct Stopped;

/// From now on Ctrl-C, SIGTERM and SIGHUP end whatever waits here, and children with it.
pub(crate) fn catch_signals() -> Result<()> {
    ctrlc::set_handler(|| STOP.store(true, Ordering::SeqCst)).context("cannot catch Ctrl-C")
}

/// Waits a moment between two looks; [`Stopped`] is the error when it is time.
pub(crate) fn pause() -> Result<()> {
    thread::sleep(LOOK);
    if STOP.load(Ordering::SeqCst) {
        return Err(Stopped.into());
    }
    Ok(())
}

/// A command of a program and arguments without spaces: `npm ci --no-fund`.
pub(crate) fn command(words: &str) -> Command {
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

/// Node with a script of `e2e` and its arguments, in that folder.
pub(crate) fn node(args: &str) -> Command {
    let mut node = command(&format!("node {args}"));
    node.current_dir(paths::e2e());
    node
}

/// A child and whatever it started. Dropping it stops them all.
#[derive(Debug)]
#[must_use = "it stops when dropped"]
pub(crate) struct Group(Child);

impl Group {
    /// Starts a command in a group of its own, without input.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let name = Path::new(command.get_program()).display().to_string();
        let child = command.spawn();
        Ok(Self(child.with_context(|| format!("cannot start {name}"))?))
    }

    /// Starts a command whose words go to a file, behind what it holds.
    pub(crate) fn start_logged(command: &mut Command, log: &Path) -> Result<Self> {
        let output = File::options().create(true).append(true).open(log)?;
        let errors = output.try_clone()?;
        Self::start(
            command
                .stdout(output.into_file())
                .stderr(errors.into_file()),
        )
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            pause()?;
        }
    }

    /// Waits until it is ready, by what its log says. The end of the log is shown when it ends before, or
    /// takes longer than this.
    pub(crate) fn until(
        &mut self,
        name: &str,
        log: &Path,
        limit: Duration,
        is_ready: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let end = Instant::now() + limit;
        loop {
            self.check(name, log)?;
            if is_ready(&log::text(log)) {
                return Ok(());
            }
            let words = || log::tail(log, 30);
            ensure!(
                Instant::now() < end,
                "{name} did not start within {} s:\n{}",
                limit.as_secs(),
                words()
            );
            pause()?;
        }
    }

    /// Fails when it has ended by itself.
    pub(crate) fn check(&mut self, name: &str, log: &Path) -> Result<()> {
        if let Some(status) = self.ended()? {
            bail!("{name} ended ({status}):\n{}", log::tail(log, 30));
        }
        Ok(())
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.0.try_wait().context("cannot watch a child process")
    }

    /// Stops them all: those that do not end in time are killed.
    #[cfg(unix)]
    pub(crate) fn stop(&mut self) {
        use nix::{
            sys::signal::{Signal, killpg},
            unistd::Pid,
        };

        let Ok(id) = i32::try_from(self.0.id()) else {
            return;
        };
        let signal = |signal| {
            // A group that has ended needs no signal.
            let _ = killpg(Pid::from_raw(id), signal);
        };
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            signal(Signal::SIGTERM);
            let end = Instant::now() + GRACE;
            while Instant::now() < end && matches!(self.0.try_wait(), Ok(None)) {
                thread::sleep(LOOK);
            }
        }
        // What a child left behind, such as a browser, is still in its group.
        signal(Signal::SIGKILL);
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

/// Runs a command to its end with its output on the terminal; true when it succeeded.
pub(crate) fn show(command: &mut Command) -> Result<bool> {
    Ok(Group::start(command)?.wait()?.success())
}

/// The same, for what has to succeed.
pub(crate) fn must(command: &mut Command) -> Result<()> {
    let name = Path::new(command.get_program()).display().to_string();
    ensure!(show(command)?, "{name} failed (see above)");
    Ok(())
}

/// Creates an empty file, with its folder.
pub(crate) fn create(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(File::create(path)?)
}

/// What a short command prints.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let name = Path::new(command.get_program()).display().to_string();
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start {name}"))?;
    let [said, wrong] =
        [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).trim().to_owned());
    ensure!(output.status.success(), "{name} failed:\n{wrong}");
    Ok(said)
}

/// The same, or nothing when it cannot be started or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    read(command).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn dropping_a_group_stops_grandchildren_too() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 60 & echo $!; wait"]);
        let group = Group::start_logged(&mut shell, &log).unwrap();
        let mut said = String::new();
        while !said.ends_with('\n') {
            thread::sleep(LOOK);
            said = fs::read_to_string(&log).unwrap();
        }
        let grandchild = said.trim();
        drop(group);
        // Whoever adopted it has to collect it: until then it is a zombie.
        let stat = format!("/proc/{grandchild}/stat");
        let alive = || fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
        let end = Instant::now() + GRACE;
        while alive() && Instant::now() < end {
            thread::sleep(LOOK);
        }
        assert!(!alive(), "{grandchild} still runs");
    }
}
