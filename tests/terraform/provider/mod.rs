//! The stand-in provider: Terraform providers that know recorded schemas and no cloud.
//!
//! Terraform usually starts a provider for each command, several times over. These run on a thread of the tests instead, and Terraform is configured
//! where to reach them (`TF_REATTACH_PROVIDERS`, which exists for testing providers): then no process is started and no executable's checksum is
//! compared, which is most of a command's time. Terraform opens a connection for each provider block of each command, so what a block says is
//! kept by connection.

mod answers;
mod grpc;
mod invent;
mod schema;
mod tables;
mod values;
mod wire;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};

use crate::background::Background;
use answers::{Provider, Recorded};

/// A provider that Terraform can be configured to use. It is served until this is dropped.
pub(crate) struct Served {
    address: SocketAddr,
    _background: Background,
}

impl Served {
    /// Serves the provider that is recorded in `<directory>/<name>.json`.
    pub(crate) fn start(directory: &Path, name: &str) -> Result<Self, String> {
        let recorded = Arc::new(Recorded::read(&directory.join(format!("{name}.json")))?);
        let (address, background) =
            Background::listen(move |listener| accept(listener, Arc::clone(&recorded))).map_err(|error| error.to_string())?;
        Ok(Self { address, _background: background })
    }

    /// What `TF_REATTACH_PROVIDERS` says of it. `Test` keeps Terraform from ending this process with its command.
    pub(crate) fn reattachment(&self) -> serde_json::Value {
        serde_json::json!({
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": std::process::id(),
            "Test": true,
            "Addr": {"Network": "tcp", "String": self.address.to_string()},
        })
    }
}

async fn accept(listener: TcpListener, recorded: Arc<Recorded>) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(serve_connection(stream, Provider::new(Arc::clone(&recorded))));
    }
}

async fn serve_connection(stream: TcpStream, provider: Provider) {
    // Answers are small, and waiting to fill a packet would cost 40 ms for each.
    let _ = stream.set_nodelay(true);
    let provider = Arc::new(provider);
    let service = service_fn(move |request| grpc::respond(Arc::clone(&provider), request));
    // What goes wrong on a connection is the client's to report: it sees the call fail.
    let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}
