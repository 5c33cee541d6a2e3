//! The program as a process of its own.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// Runs until it is dropped, and is killed then.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) address: String,
    folder: TempDir,
}

/// The program, knowing nothing of the environment.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toss-merchant"));
    command.env_clear();
    command
}

impl Program {
    /// Starts the command, which is or becomes the program, and waits until it listens. The sandbox, which
    /// the program asks for its time before it listens, answers meanwhile: it runs in this process.
    pub(crate) async fn launch(command: &mut Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = command
            .env("FAILPOINTS_LOG", passed(folder.path()))
            .stdout(Stdio::piped())
            .stderr(File::create(said(folder.path())).unwrap())
            .spawn()
            .unwrap();
        let mut said_first = BufReader::new(child.stdout.take().unwrap());
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            said_first.read_line(&mut line).map(|_| line)
        });
        let line = line.await.unwrap().unwrap();
        let Some(address) = line.trim().strip_prefix("listening http://") else {
            let said = std::fs::read_to_string(said(folder.path())).unwrap();
            panic!("it did not start: {line}{said}");
        };
        Self {
            child,
            address: address.to_owned(),
            folder,
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// The failpoints that it has passed, in their order; none without the feature.
    pub(crate) fn passed(&self) -> Vec<String> {
        let log = std::fs::read_to_string(passed(self.folder.path())).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    /// Waits until it has aborted.
    pub(crate) async fn until_aborted(&mut self) {
        for _ in 0..800 {
            if let Some(status) = self.child.try_wait().unwrap() {
                let aborted = status.signal() == Some(ABORT);
                assert!(aborted, "it ended with {status}: {}", self.said());
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("it never aborted: {:#?}\n{}", self.passed(), self.said());
    }

    /// Waits until a failpoint has stopped it.
    pub(crate) async fn until_stopped(&self) {
        for _ in 0..800 {
            let pid = self.child.id().to_string();
            let state = Command::new("ps")
                .args(["-o", "state=", "-p", &pid])
                .output();
            if state.unwrap().stdout.starts_with(b"T") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("it never stopped: {:#?}\n{}", self.passed(), self.said());
    }

    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(said(self.folder.path())).unwrap_or_default()
    }
}

/// The number of SIGABRT.
const ABORT: i32 = 6;

fn passed(folder: &Path) -> PathBuf {
    folder.join("passed")
}

fn said(folder: &Path) -> PathBuf {
    folder.join("said")
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
