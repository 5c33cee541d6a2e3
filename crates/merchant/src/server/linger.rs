//! Ends connections so that their last answer arrives.
//!
//! An answer may be given before the whole request was read: a body that is too large, a key that is wrong.
//! When the socket is closed while there is something in it that nobody has read, the system resets the
//! connection, and the caller loses the answer with it. So the rest is read and dropped for a while.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

/// How long a caller may take to see that it was answered.
const PATIENCE: Duration = Duration::from_secs(2);
/// What is dropped at most; a caller that sends more did not look.
const MOST: u64 = 16 * 1024 * 1024;

/// Says that nothing more will be written, and reads until the caller has closed.
pub(super) async fn linger(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let draining = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut (&mut *stream).take(MOST), &mut tokio::io::sink()).await?;
        io::Result::Ok(())
    };
    // Whether it worked, nobody can be told any more.
    let _ = timeout(PATIENCE, draining).await;
}
