use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::http::HeaderMap as Headers;
use standardwebhooks::Webhook;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::*;
use crate::domain::ids::EventId;

const TIMEOUT: Duration = Duration::from_secs(15);
const BODY: &str = r#"{"type":"payment.paid","data":{"orderName":"커피"}}"#;

fn message() -> Message {
    Message {
        id: EventId::new("evt_1"),
        body: BODY.to_owned(),
    }
}

/// A receiver that answers every request with the same bytes. Says what it got.
async fn receiver(answer: impl Into<String>) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let answer = answer.into();
    let (tell, told) = mpsc::unbounded_channel();
    let address = serve(move |mut socket, request| {
        let answer = answer.clone();
        let _ = tell.send(request);
        async move {
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    })
    .await;
    (address, told)
}

/// Accepts connections and hands each over with the text of its request.
async fn serve<F, W>(handle: F) -> SocketAddr
where
    F: Fn(TcpStream, String) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let request = request(&mut socket).await;
            tokio::spawn(handle(socket, request));
        }
    });
    address
}

async fn request(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !String::from_utf8_lossy(&bytes).ends_with(BODY) {
        let mut chunk = [0; 4096];
        match socket.read(&mut chunk).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&chunk[..n]),
            _ => break,
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn client() -> WebhookClient {
    WebhookClient::new(Reach::Anywhere, TIMEOUT).unwrap()
}

fn url(address: SocketAddr) -> EndpointUrl {
    EndpointUrl::parse(&format!("http://{address}/hooks?a=1"), Reach::Anywhere).unwrap()
}

async fn deliver_to(address: SocketAddr) -> Outcome {
    client()
        .publish(&url(address), &[SigningSecret::generate()], &message())
        .await
}

fn reason_of(outcome: Outcome) -> String {
    match outcome {
        Outcome::Unreachable { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_receiver_verifies_it_with_either_secret_and_with_no_other() {
    let (address, mut told) = receiver(status("204 No Content")).await;
    let (old, new) = (SigningSecret::generate(), SigningSecret::generate());
    let outcome = client()
        .publish(&url(address), &[new.clone(), old.clone()], &message())
        .await;
    assert_eq!(outcome, Outcome::Accepted { status: 204 });

    let request = told.recv().await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("POST /hooks?a=1 HTTP/1.1"));
    let headers: Headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect::<Vec<(axum::http::HeaderName, axum::http::HeaderValue)>>()
        .into_iter()
        .collect();
    assert_eq!(body, BODY);
    assert_eq!(headers["webhook-id"], "evt_1");
    assert_eq!(headers["content-type"], "application/json");
    let agent = headers["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("toss-checkout/"), "{agent}");
    for secret in [&old, &new] {
        let webhook = Webhook::new(secret.expose()).unwrap();
        webhook.verify(body.as_bytes(), &headers).unwrap();
    }
    let stranger = Webhook::new(SigningSecret::generate().expose()).unwrap();
    assert!(stranger.verify(body.as_bytes(), &headers).is_err());
}

/// Row 34 of the list of others' faults, with the tests below: receivers that redirect, are gone, are slow,
/// say too much, or have a private address.
#[tokio::test]
async fn a_redirect_is_refused_and_not_followed() {
    let (elsewhere, mut visited) = receiver(status("200 OK")).await;
    for code in [301, 302, 303, 307, 308] {
        let (address, _told) = receiver(format!(
            "HTTP/1.1 {code} Moved\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        assert!(
            matches!(deliver_to(address).await, Outcome::Refused { status, .. } if status == code),
            "{code}"
        );
    }
    assert!(visited.try_recv().is_err(), "somebody went there");
}

#[tokio::test]
async fn gone_means_gone() {
    let (address, _told) = receiver(status("410 Gone")).await;
    assert_eq!(deliver_to(address).await, Outcome::Gone);
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_in_time_is_unreachable() {
    let address = serve(|socket, _| async move {
        // Held open until the sender gives up.
        let mut socket = socket;
        let _ = socket.read(&mut [0; 1]).await;
    })
    .await;
    let hasty = WebhookClient::new(Reach::Anywhere, Duration::from_millis(200)).unwrap();
    let outcome = hasty
        .publish(&url(address), &[SigningSecret::generate()], &message())
        .await;
    assert_eq!(reason_of(outcome), "no answer in time");
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let reason = reason_of(deliver_to(address).await);
    assert!(reason.contains("refused"), "{reason}");
}

#[tokio::test]
async fn of_an_endless_answer_only_the_beginning_is_read() {
    for (line, accepted) in [("200 OK", true), ("500 Oops", false)] {
        let (tell, mut stopped) = mpsc::unbounded_channel();
        let address = serve(move |mut socket, _| {
            let tell = tell.clone();
            async move {
                let head = format!("HTTP/1.1 {line}\r\ntransfer-encoding: chunked\r\n\r\n");
                let _ = socket.write_all(head.as_bytes()).await;
                let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
                // Ends when the sender hangs up, and only then.
                while socket.write_all(chunk.as_bytes()).await.is_ok() {}
                let _ = tell.send(());
            }
        })
        .await;
        match deliver_to(address).await {
            Outcome::Accepted { status } => assert!(accepted && status == 200),
            Outcome::Refused { status, said, .. } => {
                assert!(!accepted && status == 500);
                assert_eq!(said.len(), EXCERPT);
            }
            other => panic!("{other:?}"),
        }
        stopped.recv().await.unwrap();
    }
}

#[tokio::test]
async fn what_a_receiver_says_is_kept_on_one_line() {
    let said = "bad\u{1b}[2J\r\nsignature\u{0} 서명";
    let (address, _told) = receiver(format!(
        "HTTP/1.1 401 No\r\nretry-after: 120\r\ncontent-length: {}\r\n\r\n{said}",
        said.len()
    ))
    .await;
    let outcome = deliver_to(address).await;
    assert_eq!(
        outcome.problem().as_deref(),
        Some("401: bad [2J signature 서명")
    );
    assert!(matches!(
        outcome,
        Outcome::Refused { retry_after: Some(wait), .. } if wait == Duration::from_mins(2)
    ));
}

#[tokio::test]
async fn an_inner_address_is_never_connected_to() {
    let (address, mut told) = receiver(status("200 OK")).await;
    let guarded = WebhookClient::new(Reach::Public, TIMEOUT).unwrap();
    let secret = [SigningSecret::generate()];
    let port = address.port();
    for host in [
        "127.0.0.1",
        "[::ffff:127.0.0.1]",
        "localhost",
        "0.0.0.0",
        "2130706433",
    ] {
        // As if it had been set while inner addresses were allowed.
        let to = EndpointUrl::parse(&format!("http://{host}:{port}/"), Reach::Anywhere).unwrap();
        let reason = reason_of(guarded.publish(&to, &secret, &message()).await);
        assert!(reason.contains("EVENT_ALLOW_PRIVATE"), "{host}: {reason}");
    }
    assert!(told.try_recv().is_err(), "somebody connected");
}

/// A name that answers with a public address when it is looked at and with an inner one when it is used.
#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    let (address, mut told) = receiver(status("200 OK")).await;
    let public: SocketAddr = "203.0.112.1:0".parse().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let resolver = CheckedResolver::with(Reach::Public, move |_| {
        let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
        Box::pin(async move { Ok(vec![if first { public } else { address }]) })
    });
    let guarded =
        WebhookClient::with(Reach::Public, Duration::from_millis(200), &resolver).unwrap();
    let to = EndpointUrl::parse(
        &format!("http://shop.example:{}/", address.port()),
        Reach::Anywhere,
    )
    .unwrap();
    let secret = [SigningSecret::generate()];
    // The first try goes to the address that was checked, where nobody is.
    let first = reason_of(guarded.publish(&to, &secret, &message()).await);
    assert!(!first.contains("EVENT_ALLOW_PRIVATE"), "{first}");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "asked once per connection");
    let second = reason_of(guarded.publish(&to, &secret, &message()).await);
    assert!(second.contains("EVENT_ALLOW_PRIVATE"), "{second}");
    assert!(told.try_recv().is_err(), "somebody connected");
}

#[tokio::test]
async fn of_several_addresses_only_the_public_ones_are_tried() {
    let resolver = CheckedResolver::with(Reach::Public, |_| {
        Box::pin(async {
            Ok(vec![
                "10.0.0.1:0".parse().unwrap(),
                "1.1.1.1:0".parse().unwrap(),
                "[::1]:0".parse().unwrap(),
            ])
        })
    });
    let name = "shop.example".parse().unwrap();
    let left = reqwest::dns::Resolve::resolve(&resolver, name)
        .await
        .unwrap();
    assert_eq!(
        left.collect::<Vec<_>>(),
        ["1.1.1.1:0".parse::<SocketAddr>().unwrap()]
    );
}

#[test]
fn a_wait_is_read_in_seconds_or_as_a_moment() {
    let read = |pairs: &[(&'static str, &str)]| {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| {
                let name = reqwest::header::HeaderName::from_static(name);
                (name, value.parse().unwrap())
            })
            .collect();
        retry_after(&headers)
    };
    assert_eq!(
        read(&[("retry-after", "30")]),
        Some(Duration::from_secs(30))
    );
    let moment = ("retry-after", "Sat, 28 Nov 2026 06:02:00 GMT");
    let now = ("date", "Sat, 28 Nov 2026 06:00:00 GMT");
    assert_eq!(read(&[moment, now]), Some(Duration::from_mins(2)));
    let later = ("date", "Sat, 28 Nov 2026 07:00:00 GMT");
    assert_eq!(read(&[moment, later]), Some(Duration::ZERO));
    for nonsense in ["soon", "-5", "1.5", ""] {
        assert_eq!(read(&[("retry-after", nonsense)]), None, "{nonsense}");
    }
    assert_eq!(read(&[]), None);
}
