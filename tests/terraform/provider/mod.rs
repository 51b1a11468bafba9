//! The stand-in provider: a Terraform provider that knows a recorded schema and no cloud.
//!
//! Terraform starts it as it starts any provider: an executable of a certain name, with a cookie in its environment, that prints one line saying
//! where it listens and then answers calls of plugin protocol 6. The name of the executable's file says which schema it serves.

mod answers;
mod grpc;
mod invent;
mod schema;
mod tables;
mod values;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use answers::Provider;
use schema::ProviderSchema;

/// Every Terraform sets this for every provider that it starts. It is no secret; it tells a provider from a program started by hand.
const COOKIE: (&str, &str) = ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The directory of the recorded schemas, for the tests as for the provider.
pub(crate) const SCHEMAS_VARIABLE: &str = "TERRALET_PROVIDER_SCHEMAS";

/// Terraform calls within milliseconds of the handshake. One that does not has died.
const FIRST_CALL: Duration = Duration::from_secs(30);

/// Whether Terraform started this process.
pub(crate) fn is_wanted() -> bool {
    std::env::var(COOKIE.0).is_ok_and(|value| value == COOKIE.1)
}

/// Serves until Terraform says that it is done, or goes away.
pub(crate) fn serve() -> Result<(), String> {
    let own_file = std::env::args_os().next().map(PathBuf::from).ok_or("the provider was started without a name")?;
    let name = served_name(&own_file).ok_or_else(|| format!("{} is not named as a provider", own_file.display()))?;
    let schemas = std::env::var_os(SCHEMAS_VARIABLE).map(PathBuf::from).ok_or_else(|| format!("{SCHEMAS_VARIABLE} is not set"))?;
    let provider = Arc::new(Provider::new(ProviderSchema::read(&schemas.join(format!("{name}.json")))?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(listen(provider)).map_err(|error| error.to_string())
}

/// `aws` of `terraform-provider-aws_v6.47.0`.
fn served_name(file: &Path) -> Option<&str> {
    let name = file.file_stem()?.to_str()?.strip_prefix("terraform-provider-")?;
    name.split('_').next()
}

async fn listen(provider: Arc<Provider>) -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    // Version of the plugin library's protocol, version of Terraform's, where to call, and how.
    println!("1|6|tcp|{}|grpc", listener.local_addr()?);
    let shutdown = Arc::new(Notify::new());
    let mut connections = JoinSet::new();
    let (first, _) = tokio::time::timeout(FIRST_CALL, listener.accept()).await??;
    connections.spawn(serve_connection(first, Arc::clone(&provider), Arc::clone(&shutdown)));
    // The last connection's end is the end: on shutdown each is closed, and a Terraform that was killed has closed its own.
    while !connections.is_empty() {
        tokio::select! {
            accepted = listener.accept() => {
                connections.spawn(serve_connection(accepted?.0, Arc::clone(&provider), Arc::clone(&shutdown)));
            }
            _ = connections.join_next() => {}
        }
    }
    Ok(())
}

async fn serve_connection(stream: TcpStream, provider: Arc<Provider>, shutdown: Arc<Notify>) {
    // Answers are small, and waiting to fill a packet would cost 40 ms for each.
    let _ = stream.set_nodelay(true);
    let service = {
        let shutdown = Arc::clone(&shutdown);
        service_fn(move |request| grpc::respond(Arc::clone(&provider), Arc::clone(&shutdown), request))
    };
    let connection = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // What goes wrong on a connection is the client's to report: it sees the call fail.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = shutdown.notified() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
