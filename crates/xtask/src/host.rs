//! What is on this machine.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::process;

/// The file that would be started for `name`, looked up on PATH.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| is_program(path))
}

/// Whether a file is there that can be started.
pub(crate) fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        path.metadata()
            .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    path.is_file()
}

/// The cargo that started us.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// npm; a script with its own ending on Windows.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// How this machine gets system packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packages {
    /// Debian, and we may install.
    AptAsRoot,
    /// Debian, as an ordinary user.
    Apt,
    /// macOS.
    Homebrew,
    /// Something else.
    Unknown,
}

/// Finds out.
pub(crate) fn packages() -> Packages {
    if cfg!(target_os = "macos") {
        return Packages::Homebrew;
    }
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&release) || which("apt-get").is_none() {
        return Packages::Unknown;
    }
    if is_root() {
        Packages::AptAsRoot
    } else {
        Packages::Apt
    }
}

/// Debian itself: Ubuntu's `chromium` is a snap, which a driver cannot start.
fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| line.trim() == "ID=debian")
}

/// Whether we are root, with whose rights Chromium's own sandbox does not start.
pub(crate) fn is_root() -> bool {
    #[cfg(unix)]
    {
        nix::unistd::geteuid().is_root()
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// Installs Debian's packages.
///
/// # Errors
/// apt-get fails, most often for want of a network.
pub(crate) fn apt(packages: &[&str], purpose: &str) -> Result<()> {
    println!("setting up {}: {purpose}", packages.join(", "));
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
            .args(args);
        process::show(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    if !apt(&["update"])? || !apt(&install)? {
        bail!("apt-get failed (see above); the packages come over the network");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ubuntu_is_not_debian() {
        assert!(is_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(!is_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
