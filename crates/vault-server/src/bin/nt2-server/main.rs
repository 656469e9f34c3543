//! `nt2-server`: the blind sync service as one program. TLS ends at a proxy before it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its streams")]

mod admin;
mod config;

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;
use vault_server::{
    Service,
    blobs::{Blobs, FolderBlobs, open_s3},
    http::{serve, site},
    store::{PostgresStore, SqliteStore, Store},
};

use admin::Task;
use config::{BlobsPlan, Database, Plan};

/// Stores and hands out sealed entries of NT² Vault, and can open none of them.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// The configuration (TOML). Environment variables go before it.
    #[arg(long, env = "NT2_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves; what happens without a command.
    Serve,
    /// Says whether the configuration makes sense, and what follows from it.
    CheckConfig,
    /// Prints the description of the service (OpenAPI).
    Openapi,
    #[command(flatten)]
    Admin(Task),
}

/// Between two rounds of ending what is over.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// Exit code for a configuration that makes no sense (sysexits.h: EX_CONFIG).
const EXIT_CONFIG: u8 = 78;

fn main() -> ExitCode {
    let args = Args::parse();
    if matches!(args.task, Some(Command::Openapi)) {
        print!("{}", vault_server::openapi::text());
        return ExitCode::SUCCESS;
    }
    let plan = match Plan::load(args.config.as_deref(), &std::env::vars().collect()) {
        Ok(plan) => plan,
        Err(message) => {
            eprintln!("nt2-server: {message}");
            return ExitCode::from(EXIT_CONFIG);
        }
    };
    let result = match args.task {
        Some(Command::CheckConfig) => {
            println!("{plan:#?}");
            Ok(())
        }
        Some(Command::Admin(task)) => start(plan, Some(task)),
        Some(Command::Serve | Command::Openapi) | None => start(plan, None),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("nt2-server: {message}");
            ExitCode::FAILURE
        }
    }
}

fn start(plan: Plan, task: Option<Task>) -> Result<(), String> {
    tracing_subscriber::fmt().with_max_level(plan.log_level).with_target(false).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(async {
        match &plan.database {
            Database::Sqlite { folder, n_readers } => {
                private_folder(folder)?;
                let store = SqliteStore::open(&folder.join("nt2.sqlite"), *n_readers).map_err(said)?;
                run(store, plan, task).await
            }
            Database::Postgres { url, ca, n_connections } => {
                let store = PostgresStore::connect(url, ca.as_deref(), *n_connections).await.map_err(said)?;
                run(store, plan, task).await
            }
        }
    })
}

async fn run<S: Store>(store: S, plan: Plan, task: Option<Task>) -> Result<(), String> {
    let service = Arc::new(Service::new(store, plan.settings.clone()).with_blobs(blobs(&plan.blobs)?));
    match task {
        Some(task) => admin::run(&service, task).await,
        None => serve_all(service, plan).await,
    }
}

fn blobs(plan: &BlobsPlan) -> Result<Box<dyn Blobs>, String> {
    Ok(match plan {
        BlobsPlan::Folder(folder) => Box::new(FolderBlobs::open(folder).map_err(|error| format!("{}: {}", folder.display(), said(error)))?),
        BlobsPlan::S3 { address, secret } => Box::new(open_s3(address, secret).map_err(said)?),
    })
}

async fn serve_all<S: Store>(service: Arc<Service<S>>, plan: Plan) -> Result<(), String> {
    let max_connections = plan.http.max_connections;
    let site = site(service.clone(), plan.http);
    let public = bind(plan.listen).await?;
    tracing::info!(database = ?plan.database, blobs = ?plan.blobs, premium = plan.settings.premium.required, "serving");
    // For whoever started it with port 0.
    println!("http://{}", public.local_addr().map_err(|error| format!("the port is unknown: {error}"))?);
    if let Some(address) = plan.listen_monitor {
        let listener = bind(address).await?;
        tokio::spawn(serve(listener, site.monitor, 64, std::future::pending()));
    }
    tokio::spawn(sweep(service));
    serve(public, site.public, max_connections, end_of_program()).await;
    tracing::info!("ended");
    Ok(())
}

async fn bind(address: std::net::SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| format!("{address} can't be used: {error}"))
}

/// Ends what is over, for ever.
async fn sweep<S: Store>(service: Arc<Service<S>>) {
    loop {
        if let Err(error) = service.sweep(vault_server::http::now_ms()).await {
            tracing::warn!(%error, "what is over could not be ended; it is tried again");
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// The signal to stop, from a terminal or from the system.
async fn end_of_program() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    tokio::signal::ctrl_c().await.ok();
}

/// Makes the folder of the database, for its owner alone.
fn private_folder(folder: &std::path::Path) -> Result<(), String> {
    let failed = |error| format!("{} can't be made: {error}", folder.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)
    }
    #[cfg(not(unix))]
    std::fs::create_dir_all(folder).map_err(failed)
}

fn said(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
