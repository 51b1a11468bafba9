//! An object store on loopback that speaks as much of S3 as Terraform's backend uses, so that states, locks and remote states are real.
//!
//! Terraform reaches it as its HTTP proxy. So a root's own words, which name no endpoint, lead here once the environment names host names of the
//! reserved domain `test` as endpoints, with the bucket in the host name as in the real S3; and whatever else Terraform may try to reach is
//! refused. It also answers the one question to STS that Terraform's AWS code asks before it trusts its credentials. Objects live in memory.
//! Creating an object only where there is none is atomic, which is what `use_lockfile` rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::ETAG;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::background::Background;

const S3_HOST: &str = "s3.offline.test";
const STS_HOST: &str = "sts.offline.test";

/// How often a held request looks whether it may go on.
const HOLD_POLL: Duration = Duration::from_millis(10);

pub(crate) struct StateStore {
    address: SocketAddr,
    shared: Arc<Shared>,
    _background: Background,
}

#[derive(Default)]
struct Shared {
    contents: Mutex<Contents>,
    changed: Condvar,
}

#[derive(Default)]
struct Contents {
    /// By `bucket/key`.
    objects: BTreeMap<String, Bytes>,
    accesses: Vec<Access>,
    held: BTreeSet<String>,
}

/// One request for an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) method: Method,
    /// `bucket/key`.
    pub(crate) object: String,
    pub(crate) status: u16,
}

/// While it lives, writes of one object wait.
pub(crate) struct Hold<'a> {
    store: &'a StateStore,
    object: String,
}

impl StateStore {
    pub(crate) fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let served = Arc::clone(&shared);
        let (address, background) = Background::listen(move |listener| serve(listener, served))?;
        Ok(Self { address, shared, _background: background })
    }

    /// The variables that lead Terraform's AWS code here, and nothing anywhere else.
    pub(crate) fn environment(&self) -> [(&'static str, String); 6] {
        let proxy = format!("http://{}", self.address);
        [
            ("HTTP_PROXY", proxy.clone()),
            ("HTTPS_PROXY", proxy),
            ("AWS_ENDPOINT_URL_S3", format!("http://{S3_HOST}")),
            ("AWS_ENDPOINT_URL_STS", format!("http://{STS_HOST}")),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ]
    }

    /// An object's content, by `bucket/key`.
    pub(crate) fn object(&self, object: &str) -> Option<Bytes> {
        self.shared.lock().objects.get(object).cloned()
    }

    /// Removes an object, as its owner may without Terraform.
    pub(crate) fn remove(&self, object: &str) {
        self.shared.lock().objects.remove(object);
    }

    /// Every request for an object so far, in order.
    pub(crate) fn accesses(&self) -> Vec<Access> {
        self.shared.lock().accesses.clone()
    }

    /// Makes writes of an object wait until the returned value is dropped.
    pub(crate) fn hold_writes(&self, object: &str) -> Hold<'_> {
        self.shared.lock().held.insert(object.to_owned());
        Hold { store: self, object: object.to_owned() }
    }

    /// Waits until an object exists; false when the time is up.
    pub(crate) fn wait_for(&self, object: &str, at_most: Duration) -> bool {
        let contents = self.shared.lock();
        let waited = self.shared.changed.wait_timeout_while(contents, at_most, |contents| !contents.objects.contains_key(object));
        let (contents, _) = waited.unwrap_or_else(PoisonError::into_inner);
        contents.objects.contains_key(object)
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.store.shared.lock().held.remove(&self.object);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| respond(Arc::clone(&shared), request));
        tokio::spawn(async move {
            // A client that goes away in the middle of a request is its own affair.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn respond(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Ok(failure(StatusCode::BAD_REQUEST, "IncompleteBody")) };
    let body = body.to_bytes();
    let host = head.uri.host().unwrap_or_default();
    let path = decode(head.uri.path().trim_start_matches('/'));
    if host == STS_HOST {
        return Ok(identity(&head.method, &body));
    }
    let Some(bucket) = host.strip_suffix(S3_HOST).and_then(|host| host.strip_suffix('.')) else {
        return Ok(failure(StatusCode::FORBIDDEN, "ThereIsNoNetwork"));
    };
    if head.headers.get("content-encoding").is_some_and(|encoding| encoding.as_bytes().starts_with(b"aws-chunked")) {
        return Ok(failure(StatusCode::NOT_IMPLEMENTED, "ChunkedUploadIsNotImplemented"));
    }
    if path.is_empty() {
        let prefix = head.uri.query().unwrap_or_default().split('&').find_map(|part| part.strip_prefix("prefix="));
        return Ok(listing(&shared.lock(), bucket, &decode(prefix.unwrap_or_default())));
    }
    let object = format!("{bucket}/{path}");
    while head.method == Method::PUT && shared.lock().held.contains(&object) {
        tokio::time::sleep(HOLD_POLL).await;
    }
    let only_where_absent = head.headers.get("if-none-match").is_some_and(|condition| condition == "*");
    let mut contents = shared.lock();
    let response = contents.exchange(&head.method, &object, body, only_where_absent);
    contents.accesses.push(Access { method: head.method, object, status: response.status().as_u16() });
    shared.changed.notify_all();
    Ok(response)
}

impl Contents {
    fn exchange(&mut self, method: &Method, object: &str, body: Bytes, only_where_absent: bool) -> Response<Full<Bytes>> {
        match *method {
            Method::PUT if only_where_absent && self.objects.contains_key(object) => {
                failure(StatusCode::PRECONDITION_FAILED, "PreconditionFailed")
            }
            Method::PUT => {
                let response = success(StatusCode::OK, &body, Bytes::new());
                self.objects.insert(object.to_owned(), body);
                response
            }
            Method::GET | Method::HEAD => match self.objects.get(object) {
                Some(content) => success(StatusCode::OK, content, content.clone()),
                None => failure(StatusCode::NOT_FOUND, "NoSuchKey"),
            },
            Method::DELETE => {
                self.objects.remove(object);
                success(StatusCode::NO_CONTENT, &Bytes::new(), Bytes::new())
            }
            _ => failure(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
        }
    }
}

/// `ListObjectsV2`, with which Terraform looks for workspaces.
fn listing(contents: &Contents, bucket: &str, prefix: &str) -> Response<Full<Bytes>> {
    let objects: String = contents
        .objects
        .iter()
        .filter_map(|(object, content)| Some((object.strip_prefix(bucket)?.strip_prefix('/')?, content)))
        .filter(|(key, _)| key.starts_with(prefix))
        .map(|(key, content)| format!("<Contents><Key>{key}</Key><Size>{}</Size></Contents>", content.len()))
        .collect();
    let text = format!("<ListBucketResult><Name>{bucket}</Name><IsTruncated>false</IsTruncated>{objects}</ListBucketResult>");
    Response::new(Full::new(Bytes::from(text)))
}

/// `GetCallerIdentity` of STS.
fn identity(method: &Method, body: &Bytes) -> Response<Full<Bytes>> {
    if *method != Method::POST || !body.starts_with(b"Action=GetCallerIdentity") {
        return failure(StatusCode::NOT_IMPLEMENTED, "NotImplemented");
    }
    let text = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/test</Arn><UserId>test</UserId>\
                <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    Response::new(Full::new(Bytes::from(text)))
}

fn success(status: StatusCode, tagged: &Bytes, body: Bytes) -> Response<Full<Bytes>> {
    let tag: String = Sha256::digest(tagged).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    if let Ok(tag) = format!("\"{tag}\"").parse() {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

fn failure(status: StatusCode, code: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>"))));
    *response.status_mut() = status;
    response
}

/// Undoes percent encoding.
fn decode(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => bytes.extend_from_slice(format!("%{part}").as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
