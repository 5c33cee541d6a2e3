//! `--state FILE`: what happened survives a restart. The file is replaced as a whole, so that a crash
//! leaves the last one, and a file that cannot be read is never written over.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use toss_model::{Clock, operations::SavedState};

use crate::{rest::SavedAnswer, webhooks::Saved as SavedDeliveries};

/// Changes on a later sandbox that this one cannot read.
const FORMAT: u32 = 1;

/// Everything that a restart must not forget.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) starts: u64,
    pub(crate) clock: Clock,
    pub(crate) state: Option<SavedState>,
    pub(crate) answers: Vec<SavedAnswer>,
    pub(crate) deliveries: SavedDeliveries,
}

#[derive(Debug, Serialize, Deserialize)]
struct Document<T> {
    format: u32,
    saved: T,
}

#[derive(Debug, Deserialize)]
struct Head {
    format: u32,
}

/// Why the state file cannot be used.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system refuses.
    #[error("the state file {path} cannot be {action}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// read or written.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Not what a sandbox wrote.
    #[error(
        "the state file {path} is damaged, or no state of a sandbox ({problem}). It was left as it is: move it away or choose another with --state"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Where reading stopped.
        problem: String,
    },
    /// Of another sandbox.
    #[error(
        "the state file {path} has format {format}, this sandbox reads {FORMAT}. It was left as it is: move it away or choose another with --state"
    )]
    Format {
        /// Which file.
        path: PathBuf,
        /// What it says.
        format: u32,
    },
}

/// Reads the file; None when there is none yet.
///
/// # Errors
/// It cannot be read, is damaged, or is of another format.
pub(crate) fn load(path: &Path) -> Result<Option<Saved>, FileError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(FileError::Io {
                path: path.to_owned(),
                action: "read",
                source,
            });
        }
    };
    let damaged = |error: serde_json::Error| FileError::Damaged {
        path: path.to_owned(),
        problem: error.to_string(),
    };
    let head: Head = serde_json::from_slice(&bytes).map_err(damaged)?;
    if head.format != FORMAT {
        return Err(FileError::Format {
            path: path.to_owned(),
            format: head.format,
        });
    }
    let document: Document<Saved> = serde_json::from_slice(&bytes).map_err(damaged)?;
    Ok(Some(document.saved))
}

/// Replaces the file.
///
/// # Errors
/// The system refuses; the old file is still there then.
pub(crate) fn store(path: &Path, saved: &Saved) -> Result<(), FileError> {
    let written = || -> io::Result<()> {
        let document = Document {
            format: FORMAT,
            saved,
        };
        let bytes = serde_json::to_vec(&document)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = path.with_file_name(name);
        let mut file = create(&beside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, path)
    };
    written().map_err(|source| FileError::Io {
        path: path.to_owned(),
        action: "written",
        source,
    })
}

/// For the owner's eyes only: billing keys are in it.
fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
