//! Requests to the sync server: one thread each, TLS by rustls with Mozilla's roots. Nothing is sent that the engine did not ask for: no cookies,
//! no redirects followed, no name of the program.

use std::{io, thread, time::Duration};

use ureq::{
    Agent,
    http::{HeaderValue, Request, header},
};
use vault_engine::sync::NetFailure;
use vault_protocol::api::{HttpReply, HttpRequest, Origin, bounds::MAX_REPLY_BYTES};

/// Keeps connections to the server open between requests.
#[derive(Clone)]
pub(crate) struct Network(Agent);

impl Network {
    /// Nothing is connected yet.
    pub(crate) fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("")
            .accept("")
            .build();
        Self(config.into())
    }

    /// Sends a request; `then` is called once, on another thread, unless none can be had.
    pub(crate) fn send(
        &self,
        server: String,
        request: HttpRequest,
        timeout_ms: u32,
        then: impl FnOnce(Result<HttpReply, NetFailure>) + Clone + Send + 'static,
    ) {
        let (agent, failed) = (self.0.clone(), then.clone());
        let work = move || then(exchange(&agent, &server, request, Duration::from_millis(timeout_ms.into())));
        if thread::Builder::new().name("network".to_owned()).spawn(work).is_err() {
            failed(Err(NetFailure::Refused));
        }
    }
}

fn exchange(agent: &Agent, server: &str, request: HttpRequest, timeout: Duration) -> Result<HttpReply, NetFailure> {
    if !Origin::parse(server).is_some_and(|origin| origin.is_confidential()) {
        return Err(NetFailure::Refused);
    }
    let HttpRequest { method, path, token, content_type, body } = request;
    let mut builder = Request::builder().method(method.name()).uri(format!("{server}{path}"));
    if let Some(content_type) = content_type {
        builder = builder.header(header::CONTENT_TYPE, content_type);
    }
    if let Some(token) = token {
        let text = zeroize::Zeroizing::new(format!("Bearer {}", token.expose_hex().as_str()));
        let mut value = HeaderValue::from_str(&text).map_err(|_| NetFailure::Refused)?;
        value.set_sensitive(true);
        builder = builder.header(header::AUTHORIZATION, value);
    }
    let request = builder.body(body).map_err(|_| NetFailure::Refused)?;
    let request = agent.configure_request(request).timeout_global(Some(timeout)).build();
    let mut reply = agent.run(request).map_err(|error| failure(&error))?;
    let content_type = reply.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let status = reply.status().as_u16();
    let body = reply.body_mut().with_config().limit(MAX_REPLY_BYTES as u64).read_to_vec().map_err(|error| failure(&error))?;
    Ok(HttpReply { status, content_type, body })
}

fn failure(error: &ureq::Error) -> NetFailure {
    match error {
        ureq::Error::Timeout(_) | ureq::Error::BodyStalled => NetFailure::TimedOut,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::ConnectProxyFailed(_) => NetFailure::Unreachable,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) | ureq::Error::TlsRequired => NetFailure::NotTrusted,
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::AddrNotAvailable => NetFailure::Unreachable,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => NetFailure::TimedOut,
            // rustls tells what it refuses as invalid data.
            io::ErrorKind::InvalidData => NetFailure::NotTrusted,
            _ => NetFailure::Broken,
        },
        ureq::Error::BadUri(_) | ureq::Error::InvalidProxyUrl => NetFailure::Refused,
        _ => NetFailure::Broken,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        sync::mpsc,
    };

    use vault_protocol::api::{JSON_TYPE, Method, SessionToken};

    use super::*;

    fn request() -> HttpRequest {
        let token = Some(SessionToken::from_bytes([7; 32]));
        HttpRequest { method: Method::Post, path: "/api/v1/x?y=1".to_owned(), token, content_type: Some(JSON_TYPE), body: b"{}".to_vec() }
    }

    /// Answers one request with these bytes; gives what was asked.
    fn served(answer: &'static [u8]) -> (String, mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        let (tell, asked) = mpsc::channel();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = [0; 4096];
            let mut n = 0;
            while !bytes[..n].ends_with(b"{}") {
                n += stream.read(&mut bytes[n..]).unwrap();
            }
            stream.write_all(answer).unwrap();
            tell.send(String::from_utf8_lossy(&bytes[..n]).into_owned()).unwrap();
        });
        (server, asked)
    }

    fn asked_of(server: &str, timeout_ms: u32) -> Result<HttpReply, NetFailure> {
        let (tell, told) = mpsc::channel();
        Network::new().send(server.to_owned(), request(), timeout_ms, move |reply| tell.send(reply).unwrap());
        told.recv().unwrap()
    }

    #[test]
    fn a_request_says_what_the_engine_asked_and_nothing_else() {
        let (server, asked) = served(b"HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{ }");
        let reply = asked_of(&server, 5000).unwrap();
        assert_eq!((reply.status, reply.content_type.as_str(), reply.body.as_slice()), (409, "application/json", b"{ }".as_slice()));
        let asked = asked.recv().unwrap();
        let mut lines: Vec<String> = asked.lines().map(str::to_ascii_lowercase).collect();
        assert_eq!(lines.remove(0), "post /api/v1/x?y=1 http/1.1");
        let names: Vec<&str> = lines.iter().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
        assert!(names.iter().all(|name| ["host", "content-type", "content-length", "authorization"].contains(name)), "{names:?}");
        assert!(lines.contains(&format!("authorization: bearer {}", "07".repeat(32))));
    }

    #[test]
    fn a_redirect_is_an_answer_and_is_not_followed() {
        let (server, _asked) = served(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(asked_of(&server, 5000).unwrap().status, 302);
    }

    #[test]
    fn an_answer_without_end_is_given_up() {
        let (server, _asked) = served(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
        assert_eq!(asked_of(&server, 5000), Err(NetFailure::Broken));
        let (server, _asked) = served(b"this is no HTTP\r\n\r\n");
        assert_eq!(asked_of(&server, 5000), Err(NetFailure::Broken));
    }

    #[test]
    fn who_does_not_answer_is_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        assert_eq!(asked_of(&server, 200), Err(NetFailure::TimedOut));
        drop(listener);
        assert_eq!(asked_of(&server, 5000), Err(NetFailure::Unreachable));
    }

    #[test]
    fn nothing_is_sent_in_clear_to_another_computer() {
        assert_eq!(asked_of("http://192.0.2.1", 200), Err(NetFailure::Refused));
        assert_eq!(asked_of("ftp://127.0.0.1", 200), Err(NetFailure::Refused));
    }
}
