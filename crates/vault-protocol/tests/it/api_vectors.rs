//! Golden vectors of the wire contract: every file of `tests/vectors/api/` at the root of the repository.
//!
//! A file has one `name: value` a line. `outcome` is `accepted` or `refused`, `why` is for people. A call has `request` (method and path),
//! `request-type` and `request-body` if it has a body, `status`, `reply-type` and `reply-body`. JSON stands as it is, other bodies in hexadecimal.
//! A refusal has only a reply.
//! A login has `message`, the bytes that are signed, and the request.

use std::{collections::BTreeMap, fs, path::PathBuf};

use vault_protocol::api::{ApiError, HttpReply, HttpRequest, JSON_TYPE, Method};

use crate::api::{Sample, open_session, refusals, samples};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/api")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// JSON as it is, else hexadecimal.
fn shown(content_type: &str, body: &[u8]) -> String {
    if content_type == JSON_TYPE { String::from_utf8(body.to_vec()).unwrap() } else { hex(body) }
}

fn unshown(content_type: &str, text: &str) -> Vec<u8> {
    if content_type == JSON_TYPE { text.as_bytes().to_vec() } else { unhex(text) }
}

fn reply_lines(reply: &HttpReply) -> String {
    format!("status: {}\nreply-type: {}\nreply-body: {}\n", reply.status, reply.content_type, shown(&reply.content_type, &reply.body))
}

fn call_lines(name: &str, sample: &Sample) -> String {
    let request = &sample.request;
    let mut text = format!("outcome: accepted\nwhy: {name} and its reply\nrequest: {} {}\n", request.method.name(), request.path);
    if let Some(content_type) = request.content_type {
        text += &format!("request-type: {content_type}\nrequest-body: {}\n", shown(content_type, &request.body));
    }
    text + &reply_lines(&sample.reply)
}

/// What the files must say, by name.
fn expected() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        samples().iter().map(|(name, sample)| (format!("call-{name}"), call_lines(name, sample))).collect();
    for error in refusals() {
        let text = format!("outcome: refused\nwhy: {error}\n{}", reply_lines(&error.to_http()));
        files.insert(format!("refusal-{}", error.code().replace('_', "-")), text);
    }
    let login = format!("outcome: accepted\nwhy: the bytes that a login signs\nmessage: {}\n", hex(&open_session().signed_message()));
    files.insert("login-message".to_owned(), login);
    files
}

fn line<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn both_sides_still_write_every_golden_vector() {
    let expected = expected();
    for (name, text) in &expected {
        let path = folder().join(name).with_extension("txt");
        let found = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}; it should be\n{text}", path.display()));
        assert_eq!(&found, text, "{name}");
    }
    assert_eq!(fs::read_dir(folder()).unwrap().count(), expected.len(), "a file that no case belongs to");
}

#[test]
fn every_golden_vector_reads_with_its_outcome() {
    let samples: BTreeMap<_, _> = samples().into_iter().collect();
    for file in fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let Some(status) = line(&text, "status") else { continue };
        let content_type = line(&text, "reply-type").unwrap_or_default().to_owned();
        let body = unshown(&content_type, line(&text, "reply-body").unwrap_or_default());
        let reply = HttpReply { status: status.parse().unwrap(), content_type, body };
        match name.strip_prefix("call-") {
            Some(call) => {
                let (method, path) = line(&text, "request").unwrap().split_once(' ').unwrap();
                let request_type = line(&text, "request-type").unwrap_or_default();
                let body = unshown(request_type, line(&text, "request-body").unwrap_or_default());
                let request =
                    HttpRequest { method: Method::parse(method).unwrap(), path: path.to_owned(), token: None, content_type: None, body };
                assert_eq!((samples[call].read)(&request, &reply), (Ok(()), Ok(())), "{name}");
            }
            None => assert!(!matches!(ApiError::from_http(&reply), ApiError::Unknown(_)), "{name}"),
        }
    }
}
