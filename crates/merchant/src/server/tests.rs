use std::sync::Mutex;

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, rejection::BytesRejection},
    response::IntoResponse,
    routing::{MethodRouter, get, post},
};
use futures_util::stream;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use super::*;

const MS: Duration = Duration::from_millis(1);
const ASK: &[u8] = b"GET /ping HTTP/1.1\r\nHost: shop\r\n\r\n";

/// Long enough that no test meets it unless it wants to.
fn patient() -> Limits {
    Limits {
        connections: 100,
        first_request: Duration::from_mins(1),
        idle: Duration::from_mins(1),
        body: Duration::from_mins(1),
        write: Duration::from_mins(1),
        ..Limits::default()
    }
}

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

async fn start(limits: Limits, router: Router) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = Server {
        listener,
        router: router.route("/ping", get(|| async { "pong" })),
        limits,
        behind_proxy: false,
        stop: stop.clone(),
    };
    let serving = tokio::spawn(server.serve());
    Running {
        address,
        stop,
        serving,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

type Signal = oneshot::Receiver<()>;

/// A route that says when it was called and answers when it is told to.
fn slow() -> (MethodRouter, Signal, oneshot::Sender<()>) {
    let (go, gone) = oneshot::channel::<()>();
    let (here, came) = oneshot::channel::<()>();
    let parts = Arc::new(Mutex::new(Some((here, gone))));
    let route = get(move || {
        let parts = parts.lock().unwrap().take();
        async move {
            let (here, gone) = parts.unwrap();
            here.send(()).unwrap();
            gone.await.unwrap();
            "done"
        }
    });
    (route, came, go)
}

/// What comes until `end` is seen, or the connection is closed.
async fn read(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    let reading = async {
        while !String::from_utf8_lossy(&text).contains(end) {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(read) => text.extend_from_slice(&buffer[..read]),
            }
        }
    };
    timeout(Duration::from_secs(20), reading).await.unwrap();
    String::from_utf8(text).unwrap()
}

async fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(ASK).await.unwrap();
    read(stream, "pong").await
}

/// Waits for the end of the connection.
async fn closed(stream: &mut TcpStream) -> String {
    read(stream, "never said").await
}

#[tokio::test]
async fn idle_connections_make_room_for_those_that_ask() {
    let limits = Limits {
        connections: 4,
        ..patient()
    };
    let server = start(limits, Router::new()).await;
    let mut idle = Vec::new();
    for _ in 0..40 {
        idle.push(server.connect().await);
    }
    let mut asking = server.connect().await;
    assert!(ask(&mut asking).await.starts_with("HTTP/1.1 200"));
    assert!(ask(&mut asking).await.ends_with("pong"), "it is kept");
    for early in &mut idle[..30] {
        assert_eq!(closed(early).await, "");
    }
}

#[tokio::test]
async fn when_all_are_at_work_a_new_one_waits_until_one_is_answered() {
    let limits = Limits {
        connections: 1,
        ..patient()
    };
    let (slow, came, go) = slow();
    let server = start(limits, Router::new().route("/slow", slow)).await;
    let mut works = server.connect().await;
    let request = b"GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n";
    works.write_all(request).await.unwrap();
    came.await.unwrap();
    let mut waits = server.connect().await;
    waits.write_all(ASK).await.unwrap();
    go.send(()).unwrap();
    assert!(read(&mut works, "done").await.ends_with("done"));
    assert!(read(&mut waits, "pong").await.ends_with("pong"));
}

#[tokio::test]
async fn a_header_that_never_ends_and_a_connection_that_never_asks_are_closed() {
    let limits = Limits {
        first_request: 50 * MS,
        ..patient()
    };
    let server = start(limits, Router::new()).await;
    let mut silent = server.connect().await;
    let mut half = server.connect().await;
    half.write_all(b"GET /ping HTTP/1.1\r\nX-A: b")
        .await
        .unwrap();
    closed(&mut silent).await;
    closed(&mut half).await;

    let limits = Limits {
        idle: 50 * MS,
        ..patient()
    };
    let server = start(limits, Router::new()).await;
    let mut asked = server.connect().await;
    ask(&mut asked).await;
    closed(&mut asked).await;
}

#[tokio::test]
async fn a_body_that_trickles_in_is_given_up() {
    async fn take(body: Result<Bytes, BytesRejection>) -> impl IntoResponse {
        match body {
            Err(error) if bodies::was_late(&error) => StatusCode::REQUEST_TIMEOUT,
            other => panic!("{other:?}"),
        }
    }
    let limits = Limits {
        body: 50 * MS,
        ..patient()
    };
    let server = start(limits, Router::new().route("/take", post(take))).await;
    let mut slow = server.connect().await;
    slow.write_all(b"POST /take HTTP/1.1\r\nHost: shop\r\nContent-Length: 9999\r\n\r\n{")
        .await
        .unwrap();
    let answer = read(&mut slow, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_body_arrives() {
    let take = post(|_: Bytes| async { "taken" }).layer(DefaultBodyLimit::max(1024));
    let server = start(patient(), Router::new().route("/take", take)).await;
    let mut client = server.connect().await;
    // More than sockets hold: it can be sent only if somebody reads it.
    let body = vec![b'.'; 8 * 1024 * 1024];
    let head = format!(
        "POST /take HTTP/1.1\r\nHost: shop\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&body).await.unwrap();
    let answer = closed(&mut client).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn who_does_not_take_the_answer_loses_it() {
    struct Told(Option<oneshot::Sender<()>>);
    impl Drop for Told {
        fn drop(&mut self) {
            let _ = self.0.take().unwrap().send(());
        }
    }
    let (over, ended) = oneshot::channel();
    let told = Arc::new(Mutex::new(Some(Told(Some(over)))));
    let endless = get(move || {
        let told = told.lock().unwrap().take();
        async move {
            let piece = Bytes::from(vec![b'.'; 65_536]);
            Body::from_stream(stream::repeat_with(move || {
                let _ = &told;
                Ok::<_, Infallible>(piece.clone())
            }))
        }
    });
    let limits = Limits {
        write: 50 * MS,
        ..patient()
    };
    let server = start(limits, Router::new().route("/endless", endless)).await;
    let mut stalled = server.connect().await;
    stalled
        .write_all(b"GET /endless HTTP/1.1\r\nHost: shop\r\n\r\n")
        .await
        .unwrap();
    timeout(Duration::from_secs(20), ended)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_stop_closes_what_waits_and_finishes_what_works() {
    let (slow, came, go) = slow();
    let server = start(patient(), Router::new().route("/slow", slow)).await;
    let mut silent = server.connect().await;
    let mut half = server.connect().await;
    half.write_all(b"GET /pi").await.unwrap();
    let mut kept = server.connect().await;
    ask(&mut kept).await;
    let mut works = server.connect().await;
    works
        .write_all(b"GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n")
        .await
        .unwrap();
    came.await.unwrap();

    server.stop.cancel();
    for waiting in [&mut silent, &mut half, &mut kept] {
        assert_eq!(closed(waiting).await, "");
    }
    assert!(!server.serving.is_finished());
    go.send(()).unwrap();
    let answer = closed(&mut works).await;
    assert!(answer.contains("connection: close") && answer.ends_with("done"));
    server.serving.await.unwrap();
}
