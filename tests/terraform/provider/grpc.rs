//! As much of gRPC as the plugin protocol needs: one message in, one message out, over HTTP/2.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use http_body_util::combinators::WithTrailers;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Request, Response};

use super::answers::Provider;

/// Each message is preceded by a byte for compression, always 0 here, and its length in four bytes.
const PREFIX_LENGTH: usize = 5;

const STATUS_OK: &str = "0";
const STATUS_UNIMPLEMENTED: &str = "12";

type Body = WithTrailers<Full<Bytes>, Ready<Option<Result<HeaderMap, Infallible>>>>;

/// Answers one call.
pub(super) async fn respond(provider: Arc<Provider>, request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
    let path = request.uri().path().to_owned();
    // The plugin library's own services (output, broker) are streams that would never end, or not for this process; the client does
    // without them.
    let Some(method) = path.strip_prefix("/tfplugin6.Provider/") else {
        return Ok(response(Err(format!("the stand-in provider does not serve {path}"))));
    };
    let body = request.into_body().collect().await?.to_bytes();
    Ok(response(provider.answer(method, body.get(PREFIX_LENGTH..).unwrap_or_default())))
}

/// A call's outcome stands in the trailers; the HTTP status is 200 even when the call failed.
fn response(outcome: Result<Bytes, String>) -> Response<Body> {
    let mut trailers = HeaderMap::new();
    let content = match outcome {
        Ok(message) => {
            trailers.insert("grpc-status", HeaderValue::from_static(STATUS_OK));
            let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
            Bytes::from([&[0], &length.to_be_bytes()[..], &message[..]].concat())
        }
        Err(reason) => {
            trailers.insert("grpc-status", HeaderValue::from_static(STATUS_UNIMPLEMENTED));
            if let Ok(reason) = HeaderValue::from_str(&reason) {
                trailers.insert("grpc-message", reason);
            }
            Bytes::new()
        }
    };
    let mut response = Response::new(Full::new(content).with_trailers(ready(Some(Ok(trailers)))));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}
