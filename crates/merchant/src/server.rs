//! The server loop: HTTP/1.1 on a listener, with caps and time-outs that leave the process alive
//! whatever callers do.

pub(crate) mod bodies;
mod connections;
mod linger;

use std::{convert::Infallible, future::poll_fn, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::StatusCode};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep, sleep_until},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use self::{
    bodies::{Answer, in_time},
    connections::{Admission, Connections, Slot},
    linger::linger,
};
use crate::{config::Limits, network::Network};

/// Headers of a request; ours are a few hundred bytes, cookies of the shop's domain come on top.
const MAX_HEADERS: usize = 64 * 1024;

/// What serves connections.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) listener: TcpListener,
    pub(crate) router: Router,
    pub(crate) limits: Limits,
    /// Connections come from a proxy, which counts callers for us.
    pub(crate) behind_proxy: bool,
    pub(crate) stop: CancellationToken,
}

impl Server {
    /// Serves until told to stop, and then until the requests at work are answered.
    pub(crate) async fn serve(self) {
        let limits = &self.limits;
        let open = Connections::new(limits.connections, limits.connections_per_network);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.idle)
            .max_buf_size(MAX_HEADERS);
        let tasks = TaskTracker::new();
        while let Some((stream, peer)) = self.accept().await {
            let network = Network::of(peer.ip()).filter(|_| !self.behind_proxy);
            let Some(slot) = self.place(&open, network).await else {
                continue;
            };
            tasks.spawn(connection(Connection {
                stream,
                peer,
                slot,
                http: http.clone(),
                router: self.router.clone(),
                limits: self.limits.clone(),
                stop: self.stop.clone(),
            }));
        }
        drop(self.listener);
        tasks.close();
        tasks.wait().await;
    }

    /// The next connection; `None` when told to stop.
    async fn accept(&self) -> Option<(TcpStream, SocketAddr)> {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return None,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok(accepted) => return Some(accepted),
                // It was gone before it was taken.
                Err(error) if is_about_one(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be taken; trying again");
                    tokio::select! {
                        () = self.stop.cancelled() => return None,
                        () = sleep(Duration::from_millis(200)) => {}
                    }
                }
            }
        }
    }

    /// A place for the connection, as soon as there is one. `None`: it cannot stay.
    async fn place(&self, open: &Arc<Connections>, network: Option<Network>) -> Option<Arc<Slot>> {
        let mut told = false;
        loop {
            match open.admit(network) {
                Admission::Admitted(slot) => return Some(slot),
                Admission::Refused => {
                    tracing::debug!(?network, "a network has too many connections at work");
                    return None;
                }
                Admission::Full => {}
            }
            if !told {
                told = true;
                tracing::warn!(
                    connections = self.limits.connections,
                    "every connection is at work; new ones wait. See MAX_CONNECTIONS"
                );
            }
            tokio::select! {
                () = self.stop.cancelled() => return None,
                () = open.room() => {}
            }
        }
    }
}

fn is_about_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionAborted | ConnectionReset
    )
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    slot: Arc<Slot>,
    http: http1::Builder,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
}

async fn connection(connection: Connection) {
    let Connection {
        stream,
        peer,
        slot,
        http,
        router,
        limits,
        stop,
    } = connection;
    // Answers are small; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write));
    let service = service_fn(|request: Request<Incoming>| {
        Box::pin(answer(
            router.clone(),
            Arc::clone(&slot),
            peer,
            limits.body,
            request,
        ))
    });
    let mut serving = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
    let first = sleep_until(Instant::now() + limits.first_request);
    tokio::pin!(first);
    let (mut first_due, mut stopping) = (true, false);
    loop {
        tokio::select! {
            ended = poll_fn(|context| serving.poll_without_shutdown(context)) => {
                match ended {
                    Ok(()) => break,
                    Err(error) => {
                        tracing::debug!(%error, "a connection broke");
                        return;
                    }
                }
            }
            () = slot.closed() => return,
            () = first.as_mut(), if first_due => {
                first_due = false;
                if !slot.has_served() {
                    return;
                }
            }
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                if slot.is_waiting() {
                    return;
                }
                std::pin::Pin::new(&mut serving).graceful_shutdown();
            }
        }
    }
    let mut stream = serving.into_parts().io.into_inner();
    tokio::select! {
        () = linger(&mut stream) => {}
        () = slot.closed() => {}
        () = stop.cancelled() => {}
    }
}

async fn answer(
    router: Router,
    slot: Arc<Slot>,
    peer: SocketAddr,
    limit: Duration,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let Some(working) = slot.work() else {
        // The connection is closed before this is written.
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return Ok(answer);
    };
    let mut request = request.map(|body| in_time(body, limit));
    request.extensions_mut().insert(ConnectInfo(peer));
    let answer = router.oneshot(request).await?;
    Ok(answer.map(|body| {
        Body::new(Answer {
            body,
            _working: working,
        })
    }))
}

/// How many descriptors the process may have open, after asking for as many as it may ask for.
pub(crate) fn descriptors() -> usize {
    #[cfg(unix)]
    {
        let raised = rlimit::increase_nofile_limit(u64::MAX)
            .or_else(|_| rlimit::Resource::NOFILE.get().map(|(soft, _)| soft));
        raised.map_or(1024, |most| usize::try_from(most).unwrap_or(usize::MAX))
    }
    #[cfg(not(unix))]
    usize::MAX
}

#[cfg(test)]
mod tests;
