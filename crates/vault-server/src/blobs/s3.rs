//! A store of objects that speaks S3: R2, MinIO, Garage, AWS.
//!
//! What `object_store` does not offer is here: addresses that let a client bring one part or read one object by itself (SigV4 in the query,
//! docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html), and the list of parts that came in that way.

use std::{fmt::Write as _, path::PathBuf, time::Duration};

use axum::http::{Method, Request, StatusCode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use object_store::{
    BackoffConfig, ClientOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, Checksum},
    client::{HttpClient, HttpConnector, HttpRequestBody},
};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use vault_protocol::api::bounds::MAX_PARTS;

use super::{BlobError, ListedPart, ObjectBlobs};
use crate::tls;

/// Bytes of a part: the least that S3 takes (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). All parts but the last are alike,
/// as R2 wants it.
pub(super) const PART_BYTES: u32 = 5 << 20;
/// Parts of one object that S3 takes.
const MAX_S3_PARTS: u64 = 10_000;
/// Bytes of a part where 10,000 of the least would not hold the whole.
const LARGE_PART_BYTES: u32 = 8 << 20;
/// How long one request to the store may take: shorter than a client waits for ours, which may need two of them.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(40);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a request that failed is sent again: the client comes again by itself after that.
const MAX_RETRIES: usize = 2;
/// Parts in one page of a list (the most that S3 gives).
const LIST_PAGE: &str = "1000";

/// Where the store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Address {
    /// Scheme, host and port, without the bucket: `https://<account>.r2.cloudflarestorage.com`.
    pub endpoint: String,
    /// Such as `auto` or `eu-central-1`.
    pub region: String,
    /// The bucket. It must be there.
    pub bucket: String,
    /// What names of objects begin with: letters, digits, `-`, `_`, `.` and `/`.
    pub prefix: String,
    /// Whether clients may bring and take bytes by themselves.
    pub direct: bool,
    /// A file of certificates (PEM) that the store's may be signed by, instead of the public ones.
    pub ca: Option<PathBuf>,
}

/// Who we are to the store. Not printed.
#[derive(Clone)]
pub struct S3Secret {
    access_key_id: String,
    secret_access_key: String,
}

impl S3Secret {
    /// Takes what the operator configured.
    pub fn new(access_key_id: String, secret_access_key: String) -> Self {
        Self { access_key_id, secret_access_key }
    }
}

impl std::fmt::Debug for S3Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("S3Secret")
    }
}

/// Bytes of a part of a blob of this length.
pub(super) fn part_bytes_for(len_bytes: u64) -> u32 {
    if len_bytes.div_ceil(PART_BYTES.into()) <= MAX_S3_PARTS { PART_BYTES } else { LARGE_PART_BYTES }
}

/// Opens a bucket. Nothing is sent yet. Needs a tokio runtime from then on.
///
/// # Errors
///
/// [`BlobError::Failed`] if the address makes no sense or the certificates can't be read.
pub fn open(address: &S3Address, secret: &S3Secret) -> Result<ObjectBlobs<AmazonS3>, BlobError> {
    let http = HttpClient::new(http_client(address)?);
    let is_plain = address.endpoint.starts_with("http://");
    let backoff = BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(2), base: 2.0 };
    let retry = RetryConfig { backoff, max_retries: MAX_RETRIES, retry_timeout: REQUEST_TIMEOUT };
    let mut builder = AmazonS3Builder::new()
        .with_endpoint(&address.endpoint)
        .with_region(&address.region)
        .with_bucket_name(&address.bucket)
        .with_access_key_id(&secret.access_key_id)
        .with_secret_access_key(&secret.secret_access_key)
        .with_allow_http(is_plain)
        .with_http_connector(Connector(http.clone()))
        .with_retry(retry);
    // Over TLS what arrives is what was sent; else the store checks it by a sum.
    builder = if is_plain { builder.with_checksum_algorithm(Checksum::SHA256) } else { builder.with_unsigned_payload(true) };
    let objects = builder.build()?;
    let direct = address.direct.then(|| Direct::new(address.clone(), secret.clone(), http));
    Ok(ObjectBlobs::over(objects, address.prefix.clone(), direct))
}

/// Speaks by our own TLS rather than by what the system has: a container need not hold certificates.
fn http_client(address: &S3Address) -> Result<reqwest::Client, BlobError> {
    let tls = tls::client_config(address.ca.as_deref()).map_err(BlobError::Failed)?;
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).http1_only().redirect(reqwest::redirect::Policy::none());
    let client = client.timeout(REQUEST_TIMEOUT).connect_timeout(CONNECT_TIMEOUT);
    client.build().map_err(|error| BlobError::Failed(Box::new(error)))
}

/// Hands out that one client.
#[derive(Debug)]
struct Connector(HttpClient);

impl HttpConnector for Connector {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(self.0.clone())
    }
}

/// Makes addresses with a signature in them.
pub(super) struct Direct {
    address: S3Address,
    secret: S3Secret,
    client: HttpClient,
}

impl std::fmt::Debug for Direct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Direct").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Direct {
    fn new(address: S3Address, secret: S3Secret, client: HttpClient) -> Self {
        Self { address, secret, client }
    }

    /// An address where `GET` works on `path` with this query, for so many seconds from now on.
    pub(super) fn sign_get(&self, path: &str, query: &[(&str, &str)], now_ms: u64, life_secs: u32) -> String {
        self.sign("GET", path, query, None, now_ms, life_secs)
    }

    /// The same for `PUT` of exactly so many bytes: the store takes no more of them than the vault has room for.
    pub(super) fn sign_put(&self, path: &str, query: &[(&str, &str)], len_bytes: u32, now_ms: u64, life_secs: u32) -> String {
        self.sign("PUT", path, query, Some(len_bytes), now_ms, life_secs)
    }

    fn sign(&self, method: &str, path: &str, query: &[(&str, &str)], len_bytes: Option<u32>, now_ms: u64, life_secs: u32) -> String {
        let signed = if len_bytes.is_some() { "content-length;host" } else { "host" };
        let len_line = len_bytes.map_or_else(String::new, |len_bytes| format!("content-length:{len_bytes}\n"));
        let (date, stamp) = stamps(now_ms);
        let scope = format!("{date}/{}/s3/aws4_request", self.address.region);
        let (credential, life) = (format!("{}/{scope}", self.secret.access_key_id), life_secs.to_string());
        let mut pairs = query.to_vec();
        pairs.extend([
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &stamp),
            ("X-Amz-Expires", &life),
            ("X-Amz-SignedHeaders", signed),
        ]);
        let mut pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        pairs.sort_unstable();
        let query = pairs.join("&");
        let endpoint = self.address.endpoint.trim_end_matches('/');
        let host = endpoint.split_once("://").map_or(endpoint, |(_, host)| host);
        let path = format!("/{}/{path}", self.address.bucket);
        let canonical = format!("{method}\n{path}\n{query}\n{len_line}host:{host}\n\n{signed}\nUNSIGNED-PAYLOAD");
        let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let mut key = mac(format!("AWS4{}", self.secret.secret_access_key).as_bytes(), date.as_bytes());
        for part in [self.address.region.as_str(), "s3", "aws4_request"] {
            key = mac(&key, part.as_bytes());
        }
        format!("{endpoint}{path}?{query}&X-Amz-Signature={}", hex(&mac(&key, to_sign.as_bytes())))
    }

    /// Every part of an unfinished upload.
    pub(super) async fn list_parts(&self, path: &str, upload: &str, now_ms: u64) -> Result<Vec<ListedPart>, BlobError> {
        let mut parts: Vec<ListedPart> = Vec::new();
        let mut marker = "0".to_owned();
        loop {
            let query = [("max-parts", LIST_PAGE), ("part-number-marker", marker.as_str()), ("uploadId", upload)];
            let page = self.get(&self.sign_get(path, &query, now_ms, 60)).await?;
            let before = parts.len();
            parts.extend(parts_of(&page).ok_or_else(|| failed("a list of parts can't be read"))?);
            let next = text_of(&page, "NextPartNumberMarker").filter(|_| text_of(&page, "IsTruncated") == Some("true"));
            match next {
                Some(next) if parts.len() > before && parts.len() <= MAX_PARTS as usize => marker = next.to_owned(),
                _ => return Ok(parts),
            }
        }
    }

    async fn get(&self, url: &str) -> Result<String, BlobError> {
        let request = Request::builder().method(Method::GET).uri(url).body(HttpRequestBody::empty());
        let request = request.map_err(|error| BlobError::Failed(Box::new(error)))?;
        let reply = self.client.execute(request).await.map_err(|error| BlobError::Failed(Box::new(error)))?;
        match reply.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Err(BlobError::Missing),
            status => return Err(failed(&format!("the store answered {status}"))),
        }
        let body = reply.into_body().bytes().await.map_err(|error| BlobError::Failed(Box::new(error)))?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }
}

fn failed(why: &str) -> BlobError {
    BlobError::Failed(why.to_owned().into())
}

/// Day and second of the signature: `20261121`, `20261121T201500Z`.
fn stamps(now_ms: u64) -> (String, String) {
    let seconds = i64::try_from(now_ms / 1000).unwrap_or(i64::MAX);
    let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let date = format!("{:04}{:02}{:02}", now.year(), u8::from(now.month()), now.day());
    let stamp = format!("{date}T{:02}{:02}{:02}Z", now.hour(), now.minute(), now.second());
    (date, stamp)
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// Everything but unreserved characters (RFC 3986 §2.3) as %XX.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("writing to a string cannot fail");
        }
        escaped
    })
}

/// The parts in one page of `ListParts` (docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html): of its XML we need the text of three
/// elements, which holds no element itself.
fn parts_of(page: &str) -> Option<Vec<ListedPart>> {
    page.split("<Part>").skip(1).map(|part| part.split("</Part>").next().and_then(part_of)).collect()
}

fn part_of(text: &str) -> Option<ListedPart> {
    let number: u32 = text_of(text, "PartNumber")?.parse().ok()?;
    let len_bytes = text_of(text, "Size")?.parse().ok()?;
    // A store that does not tell it (s3s-fs 0.14) does not ask for it either.
    let tag = text_of(text, "ETag").unwrap_or_default().replace("&quot;", "\"").replace("&#34;", "\"");
    Some(ListedPart { part: number.checked_sub(1)?, len_bytes, tag })
}

fn text_of<'a>(xml: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{element}>"))?;
    rest.split_once(&format!("</{element}>")).map(|(text, _)| text.trim())
}

const _: () = assert!(MAX_PARTS as u64 >= MAX_S3_PARTS);

#[cfg(test)]
mod tests {
    use super::*;

    fn direct(endpoint: &str, region: &str, bucket: &str, id: &str, secret: &str) -> Direct {
        let address = S3Address {
            endpoint: endpoint.to_owned(),
            region: region.to_owned(),
            bucket: bucket.to_owned(),
            prefix: String::new(),
            direct: true,
            ca: None,
        };
        #[derive(Debug)]
        struct Nowhere;
        impl object_store::client::HttpService for Nowhere {
            fn call<'a, 'b>(
                &'a self,
                _request: object_store::client::HttpRequest,
            ) -> std::pin::Pin<
                Box<
                    dyn std::future::Future<Output = Result<object_store::client::HttpResponse, object_store::client::HttpError>>
                        + Send
                        + 'b,
                >,
            >
            where
                'a: 'b,
                Self: 'b,
            {
                unreachable!("nothing is sent")
            }
        }
        Direct::new(address, S3Secret::new(id.to_owned(), secret.to_owned()), HttpClient::new(Nowhere))
    }

    #[test]
    fn a_signed_address_is_that_of_an_independent_signer() {
        // `botocore` 1.44, S3SigV4QueryAuth, with these keys, path style, at the second of 2026-11-21T20:15:00Z.
        let direct = direct("https://s3.example.org", "auto", "nt2", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let query = [("partNumber", "3"), ("uploadId", "x/y+z=")];
        let (put, get) =
            (direct.sign_put("a/b", &query, 5_242_880, 1_795_292_100_000, 900), direct.sign_get("a/b", &[], 1_795_292_100_000, 900));
        let expected = include_str!("../../tests/data/signed-addresses.txt");
        assert_eq!(format!("{put}\n{get}\n"), expected);
    }

    #[test]
    fn a_list_of_parts_is_read_with_its_tags_as_they_are() {
        let page = "<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><ETag>&quot;ab&quot;</ETag>\
                    <Size>5242880</Size></Part><Part><ETag>\"cd\"</ETag><PartNumber>2</PartNumber><Size>7</Size></Part></ListPartsResult>";
        let parts = parts_of(page).expect("it is one");
        assert_eq!(
            parts.iter().map(|part| (part.part, part.len_bytes, part.tag.as_str())).collect::<Vec<_>>(),
            [(0, 5_242_880, "\"ab\""), (1, 7, "\"cd\"")]
        );
        assert_eq!(parts_of("<ListPartsResult><Part><PartNumber>0</PartNumber><Size>1</Size><ETag>x</ETag></Part>"), None);
        assert_eq!(parts_of("<ListPartsResult/>"), Some(vec![]));
    }

    #[test]
    fn ten_thousand_parts_hold_every_blob() {
        for len in [1, 5 << 20, 40 << 30, vault_protocol::api::bounds::MAX_BLOB_BYTES] {
            assert!(len.div_ceil(part_bytes_for(len).into()) <= MAX_S3_PARTS);
        }
    }
}
