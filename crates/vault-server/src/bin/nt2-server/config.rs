//! One configuration: a TOML file, and environment variables that go before it.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use vault_protocol::api::Origin;
use vault_server::{
    Premium, Rates, Settings, WebhookSecret,
    blobs::{S3Address, S3Secret},
    http::HttpSettings,
};

/// What an operator may write. Every field has a default; an unknown one is an error, because it would be a setting that does nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Address and port for everyone; default 127.0.0.1:8090, to be put behind a proxy that ends TLS.
    listen: Option<SocketAddr>,
    /// Address and port for a monitor; none unless written.
    listen_monitor: Option<SocketAddr>,
    /// Folder of the database; default `nt2-data`.
    data_dir: Option<PathBuf>,
    /// `postgres://…` instead of the folder.
    database_url: Option<String>,
    /// A file of certificates (PEM) that the database's may be signed by, instead of the public ones.
    database_ca: Option<PathBuf>,
    /// Connections to PostgreSQL, or readers of SQLite: 1 … 64.
    database_connections: Option<usize>,
    /// The address under which clients reach this server, for example `https://sync.example.org`.
    public_api_url: Option<String>,
    /// Further addresses of the same server.
    other_origins: Vec<String>,
    /// Folder of the packed web app, to be served here too.
    web_dir: Option<PathBuf>,
    /// Origins whose pages may call; default all.
    cors_origins: Option<Vec<String>>,
    /// Proxies of one's own before this server.
    n_proxies: Option<u8>,
    /// error, warn, info, debug; default info.
    log_level: Option<String>,
    limits: Limits,
    blobs: BlobsConfig,
    premium: PremiumConfig,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Limits {
    max_vault_mib: Option<u64>,
    max_vault_blob_mib: Option<u64>,
    max_control_mib: Option<u64>,
    max_sessions: Option<u32>,
    deletion_notice_days: Option<u32>,
    max_requests: Option<usize>,
    max_waiting: Option<usize>,
    max_blob_bodies: Option<usize>,
    max_connections: Option<usize>,
    calls_per_address: Option<u32>,
    calls_per_vault: Option<u32>,
    logins_per_address: Option<u32>,
    logins_per_vault: Option<u32>,
    password_logins_per_vault: Option<u32>,
    registrations_per_address: Option<u32>,
    relays_per_address: Option<u32>,
    relays_in_all: Option<u32>,
    promos: Option<u32>,
}

/// Where attachments are kept.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct BlobsConfig {
    /// A folder; default `blobs` in the folder of the data.
    dir: Option<PathBuf>,
    /// An S3-compatible store instead: scheme, host and port.
    s3_endpoint: Option<String>,
    s3_region: Option<String>,
    s3_bucket: Option<String>,
    /// What names of objects begin with.
    s3_prefix: Option<String>,
    s3_access_key_id: Option<String>,
    s3_secret_access_key: Option<String>,
    /// A file of certificates (PEM) that the store's may be signed by, instead of the public ones.
    s3_ca: Option<PathBuf>,
    /// Whether clients may bring and take bytes by themselves.
    direct: Option<bool>,
}

impl std::fmt::Debug for BlobsConfig {
    /// Without the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobsConfig").field("dir", &self.dir).field("s3_endpoint", &self.s3_endpoint).finish_non_exhaustive()
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PremiumConfig {
    required: Option<bool>,
    grace_days: Option<u32>,
    order_days: Option<u32>,
    checkout_url: Option<String>,
    webhook_secret: Option<String>,
    accept_test_mode: Option<bool>,
}

impl std::fmt::Debug for PremiumConfig {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PremiumConfig").field("required", &self.required).finish_non_exhaustive()
    }
}

/// What the program runs with.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) listen: SocketAddr,
    pub(crate) listen_monitor: Option<SocketAddr>,
    pub(crate) database: Database,
    pub(crate) blobs: BlobsPlan,
    pub(crate) log_level: tracing::Level,
    pub(crate) settings: Settings,
    pub(crate) http: HttpSettings,
}

/// Where the data is.
pub(crate) enum Database {
    Sqlite { folder: PathBuf, n_readers: usize },
    Postgres { url: String, ca: Option<PathBuf>, n_connections: usize },
}

impl std::fmt::Debug for Database {
    /// Without the address, which holds a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite { folder, .. } => write!(f, "SQLite in {}", folder.display()),
            Self::Postgres { .. } => f.write_str("PostgreSQL"),
        }
    }
}

/// Where attachments are kept.
#[derive(Debug)]
pub(crate) enum BlobsPlan {
    Folder(PathBuf),
    S3 { address: S3Address, secret: S3Secret },
}

/// The environment, passed in so that tests have their own.
pub(crate) type Env = HashMap<String, String>;

impl Plan {
    /// Reads the file, if one is named, and the environment.
    pub(crate) fn load(file: Option<&Path>, env: &Env) -> Result<Self, String> {
        let config = match file {
            Some(file) => {
                let text = std::fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
                // The error's own words quote the line, which may hold a secret; its place is enough.
                toml::from_str(&text).map_err(|error: toml::de::Error| {
                    let at = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count());
                    format!("{}, near line {at}: {}", file.display(), error.message())
                })?
            }
            None => Config::default(),
        };
        Self::of(config, env)
    }

    fn of(mut config: Config, env: &Env) -> Result<Self, String> {
        config.overlay(env)?;
        let listen = config.listen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8090));
        let mut addresses = config.other_origins.clone();
        match &config.public_api_url {
            Some(url) => addresses.push(url.clone()),
            // Somebody tries it on this machine.
            None => addresses.extend([format!("http://localhost:{}", listen.port()), format!("http://127.0.0.1:{}", listen.port())]),
        }
        let origin = |address: &String| {
            Origin::of_address(address).ok_or(format!("{address} is not the address of a server: it begins with https:// and a host"))
        };
        let origins = addresses.iter().map(origin).collect::<Result<Vec<_>, _>>()?;
        let limits = &config.limits;
        let rates = rates(limits)?;
        let settings = Settings {
            origins,
            max_vault_bytes: within("limits.max_vault_mib", limits.max_vault_mib, Settings::DEFAULT_VAULT_BYTES >> 20, 1, 1 << 20)? << 20,
            max_blob_bytes: within("limits.max_vault_blob_mib", limits.max_vault_blob_mib, Settings::DEFAULT_BLOB_BYTES >> 20, 0, 1 << 30)?
                << 20,
            max_control_bytes: within("limits.max_control_mib", limits.max_control_mib, Settings::DEFAULT_CONTROL_BYTES >> 20, 1, 1024)?
                << 20,
            max_sessions: within("limits.max_sessions", limits.max_sessions, Settings::DEFAULT_SESSIONS, 1, 10_000)?,
            deletion_notice_days: within(
                "limits.deletion_notice_days",
                limits.deletion_notice_days,
                Settings::DEFAULT_NOTICE_DAYS,
                1,
                365,
            )?,
            rates,
            premium: premium(&config.premium)?,
        };
        let defaults = HttpSettings::default();
        let http = HttpSettings {
            web_dir: config.web_dir.clone().map(web_dir).transpose()?,
            public_api_url: config.public_api_url.clone(),
            cors_origins: cors(config.cors_origins.as_deref())?,
            n_proxies: within("n_proxies", config.n_proxies, 0, 0, 8)?,
            max_requests: within("limits.max_requests", limits.max_requests, defaults.max_requests, 1, 100_000)?,
            max_waiting: within("limits.max_waiting", limits.max_waiting, defaults.max_waiting, 1, 1_000_000)?,
            max_blob_bodies: within("limits.max_blob_bodies", limits.max_blob_bodies, defaults.max_blob_bodies, 1, 10_000)?,
            max_connections: within("limits.max_connections", limits.max_connections, defaults.max_connections, 1, 1_000_000)?,
            shares_database: config.database_url.is_some(),
        };
        Ok(Self {
            listen,
            listen_monitor: config.listen_monitor,
            database: database(&config)?,
            blobs: blobs(&config)?,
            log_level: log_level(config.log_level.as_deref())?,
            settings,
            http,
        })
    }
}

impl Config {
    /// Puts what the environment says in the place of what the file says.
    fn overlay(&mut self, env: &Env) -> Result<(), String> {
        let text = |name: &str| env.get(name).filter(|value| !value.is_empty()).cloned();
        let address = |name: &str| {
            text(name).map(|value| value.parse().map_err(|_error| format!("{name} is not an address with a port: {value}"))).transpose()
        };
        self.listen = address("NT2_LISTEN")?.or(self.listen);
        self.listen_monitor = address("NT2_LISTEN_MONITOR")?.or(self.listen_monitor);
        self.data_dir = text("NT2_DATA_DIR").map(PathBuf::from).or(self.data_dir.take());
        self.web_dir = text("NT2_WEB_DIR").map(PathBuf::from).or(self.web_dir.take());
        self.database_url = text("DATABASE_URL").or(self.database_url.take());
        self.public_api_url = text("PUBLIC_API_URL").or(self.public_api_url.take());
        self.blobs.dir = text("NT2_BLOB_DIR").map(PathBuf::from).or(self.blobs.dir.take());
        self.blobs.s3_endpoint = text("NT2_S3_ENDPOINT").or(self.blobs.s3_endpoint.take());
        self.blobs.s3_region = text("NT2_S3_REGION").or(self.blobs.s3_region.take());
        self.blobs.s3_bucket = text("NT2_S3_BUCKET").or(self.blobs.s3_bucket.take());
        self.blobs.s3_prefix = text("NT2_S3_PREFIX").or(self.blobs.s3_prefix.take());
        self.blobs.s3_access_key_id = text("NT2_S3_ACCESS_KEY_ID").or(self.blobs.s3_access_key_id.take());
        self.blobs.s3_secret_access_key = text("NT2_S3_SECRET_ACCESS_KEY").or(self.blobs.s3_secret_access_key.take());
        self.log_level = text("NT2_LOG").or(self.log_level.take());
        self.premium.checkout_url = text("LEMONSQUEEZY_CHECKOUT_URL").or(self.premium.checkout_url.take());
        self.premium.webhook_secret = text("LEMONSQUEEZY_WEBHOOK_SECRET").or(self.premium.webhook_secret.take());
        if let Some(value) = text("PREMIUM_SYNC_REQUIRED") {
            self.premium.required = Some(match value.to_ascii_lowercase().as_str() {
                "on" | "true" | "1" => true,
                "off" | "false" | "0" => false,
                _ => return Err(format!("PREMIUM_SYNC_REQUIRED is on or off, not {value}")),
            });
        }
        Ok(())
    }
}

/// A number, its default if it is not written; outside its bounds an error that names them.
fn within<T: PartialOrd + std::fmt::Display>(name: &str, value: Option<T>, default: T, least: T, most: T) -> Result<T, String> {
    let value = value.unwrap_or(default);
    if value >= least && value <= most { Ok(value) } else { Err(format!("{name} is {value} and must be between {least} and {most}")) }
}

fn rates(limits: &Limits) -> Result<Rates, String> {
    let defaults = Rates::default();
    let rate = |name: &str, value, default| within(&format!("limits.{name}"), value, default, 1, 10_000_000);
    Ok(Rates {
        calls_per_address: rate("calls_per_address", limits.calls_per_address, defaults.calls_per_address)?,
        calls_per_vault: rate("calls_per_vault", limits.calls_per_vault, defaults.calls_per_vault)?,
        logins_per_address: rate("logins_per_address", limits.logins_per_address, defaults.logins_per_address)?,
        logins_per_vault: rate("logins_per_vault", limits.logins_per_vault, defaults.logins_per_vault)?,
        password_logins_per_vault: rate("password_logins_per_vault", limits.password_logins_per_vault, defaults.password_logins_per_vault)?,
        registrations_per_address: rate("registrations_per_address", limits.registrations_per_address, defaults.registrations_per_address)?,
        relays_per_address: rate("relays_per_address", limits.relays_per_address, defaults.relays_per_address)?,
        relays_in_all: rate("relays_in_all", limits.relays_in_all, defaults.relays_in_all)?,
        promos: rate("promos", limits.promos, defaults.promos)?,
    })
}

fn premium(config: &PremiumConfig) -> Result<Premium, String> {
    let secret_fits = |secret: &String| (16..=256).contains(&secret.len());
    if config.webhook_secret.as_ref().is_some_and(|secret| !secret_fits(secret)) {
        return Err("premium.webhook_secret has 16 to 256 characters".to_owned());
    }
    let url_fits = |url: &String| url.starts_with("https://") && url.len() <= 1024 && url.bytes().all(|byte| byte.is_ascii_graphic());
    if config.checkout_url.as_ref().is_some_and(|url| !url_fits(url)) {
        return Err("premium.checkout_url begins with https://".to_owned());
    }
    Ok(Premium {
        required: config.required.unwrap_or(false),
        // Two weeks: time enough to notice and to mend a payment.
        grace_days: within("premium.grace_days", config.grace_days, 14, 0, 365)?,
        checkout_url: config.checkout_url.clone(),
        webhook_secret: config.webhook_secret.clone().map(WebhookSecret::new),
        order_days: within("premium.order_days", config.order_days, 0, 0, 3653)?,
        accept_test_mode: config.accept_test_mode.unwrap_or(false),
    })
}

fn database(config: &Config) -> Result<Database, String> {
    let n_connections = within("database_connections", config.database_connections, 8, 1, 64)?;
    match &config.database_url {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(Database::Postgres { url: url.clone(), ca: config.database_ca.clone(), n_connections })
        }
        Some(_) => Err("the database's address begins with postgres://; without one, SQLite is used".to_owned()),
        None => {
            let folder = config.data_dir.clone().unwrap_or_else(|| PathBuf::from("nt2-data"));
            Ok(Database::Sqlite { folder, n_readers: n_connections })
        }
    }
}

fn blobs(config: &Config) -> Result<BlobsPlan, String> {
    let blobs = &config.blobs;
    let Some(endpoint) = &blobs.s3_endpoint else {
        let stray = [&blobs.s3_region, &blobs.s3_bucket, &blobs.s3_prefix, &blobs.s3_access_key_id, &blobs.s3_secret_access_key];
        if stray.iter().any(|value| value.is_some()) || blobs.s3_ca.is_some() || blobs.direct == Some(true) {
            return Err("blobs.s3_endpoint is missing: without it the other settings of an object store do nothing".to_owned());
        }
        let beside = || config.data_dir.clone().unwrap_or_else(|| PathBuf::from("nt2-data")).join("blobs");
        return Ok(BlobsPlan::Folder(blobs.dir.clone().unwrap_or_else(beside)));
    };
    if blobs.dir.is_some() {
        return Err("blobs.dir and blobs.s3_endpoint name two places; one of them has to go".to_owned());
    }
    let has_host = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'?' && byte != b'/');
    let address = ["https://", "http://"].iter().find_map(|scheme| endpoint.strip_prefix(scheme));
    if !address.is_some_and(|rest| has_host(rest.trim_end_matches('/'))) {
        return Err("blobs.s3_endpoint is https:// and a host, without the bucket".to_owned());
    }
    let plain = |text: &str, more: &[u8]| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte));
    let bucket = blobs.s3_bucket.clone().filter(|bucket| (3..=63).contains(&bucket.len()) && plain(bucket, b"-._"));
    let region = blobs.s3_region.clone().unwrap_or_else(|| "auto".to_owned());
    let prefix = blobs.s3_prefix.clone().unwrap_or_else(|| "nt2/".to_owned());
    if region.is_empty() || !plain(&region, b"-") {
        return Err("blobs.s3_region is letters, digits and hyphens".to_owned());
    }
    if prefix.len() > 200 || !plain(&prefix, b"-_./") || prefix.starts_with('/') {
        return Err("blobs.s3_prefix is letters, digits and - _ . /, and does not begin with /".to_owned());
    }
    let (Some(id), Some(key)) = (blobs.s3_access_key_id.clone(), blobs.s3_secret_access_key.clone()) else {
        return Err("blobs.s3_access_key_id and blobs.s3_secret_access_key (NT2_S3_SECRET_ACCESS_KEY) are missing".to_owned());
    };
    Ok(BlobsPlan::S3 {
        address: S3Address {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            region,
            bucket: bucket.ok_or("blobs.s3_bucket is the name of a bucket: 3 to 63 letters, digits, - _ .")?,
            prefix,
            direct: blobs.direct.unwrap_or(false),
            ca: blobs.s3_ca.clone(),
        },
        secret: S3Secret::new(id, key),
    })
}

fn web_dir(dir: PathBuf) -> Result<PathBuf, String> {
    if dir.join("index.html").is_file() {
        Ok(dir)
    } else {
        Err(format!("{} holds no packed web app: index.html is missing", dir.display()))
    }
}

fn cors(origins: Option<&[String]>) -> Result<Option<Vec<axum::http::HeaderValue>>, String> {
    let one = |address: &String| {
        let origin = Origin::of_address(address).ok_or(format!("{address} in cors_origins is not an origin"))?;
        axum::http::HeaderValue::from_str(origin.as_str()).map_err(|_error| format!("{address} in cors_origins is not an origin"))
    };
    origins.map(|origins| origins.iter().map(one).collect()).transpose()
}

fn log_level(name: Option<&str>) -> Result<tracing::Level, String> {
    match name.unwrap_or("info") {
        "error" => Ok(tracing::Level::ERROR),
        "warn" => Ok(tracing::Level::WARN),
        "info" => Ok(tracing::Level::INFO),
        "debug" => Ok(tracing::Level::DEBUG),
        other => Err(format!("log_level is error, warn, info or debug, not {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str, env: &[(&str, &str)]) -> Result<Plan, String> {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let config = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Plan::of(config, &env)
    }

    #[test]
    fn without_a_word_it_serves_this_machine_from_a_folder() {
        let plan = plan("", &[]).expect("defaults are sound");
        assert_eq!(plan.listen.to_string(), "127.0.0.1:8090");
        assert_eq!(
            plan.settings.origins.iter().map(Origin::as_str).collect::<Vec<_>>(),
            ["http://localhost:8090", "http://127.0.0.1:8090"]
        );
        assert!(!plan.settings.premium.required && plan.listen_monitor.is_none());
        assert_eq!(format!("{:?}", plan.database), "SQLite in nt2-data");
        assert_eq!(format!("{:?}", plan.blobs), "Folder(\"nt2-data/blobs\")");
    }

    #[test]
    fn the_example_says_what_the_defaults_are() {
        let example = include_str!("../../../../../dist/server/nt2-server.toml");
        let (example, defaults) = (plan(example, &[]), plan("", &[]));
        assert_eq!(format!("{:#?}", example.expect("the example is sound")), format!("{:#?}", defaults.expect("defaults are sound")));
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let text = "listen = \"127.0.0.1:1\"\npublic_api_url = \"https://a.example.org\"\n[premium]\nrequired = true";
        let env = [("NT2_LISTEN", "0.0.0.0:9"), ("PUBLIC_API_URL", "https://b.example.org/"), ("PREMIUM_SYNC_REQUIRED", "off")];
        let found = plan(text, &env).expect("both are sound");
        assert_eq!((found.listen.port(), found.settings.origins[0].as_str()), (9, "https://b.example.org"));
        assert!(!found.settings.premium.required);
        assert!(plan(text, &[]).expect("the file is sound").settings.premium.required);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_name() {
        let cases = [
            ("lisen = \"127.0.0.1:1\"", "lisen"),
            ("[limits]\nmax_vault_mib = 0", "max_vault_mib"),
            ("[limits]\ncalls_per_vault = 4000000000", "calls_per_vault"),
            ("database_url = \"mysql://x\"", "postgres://"),
            ("public_api_url = \"sync.example.org\"", "https://"),
            ("log_level = \"loud\"", "log_level"),
            ("[premium]\nwebhook_secret = \"short\"", "webhook_secret"),
            ("[premium]\ncheckout_url = \"http://shop\"", "checkout_url"),
            ("web_dir = \"/nowhere\"", "index.html"),
            ("[blobs]\ns3_bucket = \"nt2\"", "s3_endpoint"),
            ("[blobs]\ndirect = true", "s3_endpoint"),
            ("[blobs]\ns3_endpoint = \"s3.example.org\"", "s3_endpoint"),
            ("[blobs]\ns3_endpoint = \"https://s3.example.org/nt2\"", "s3_endpoint"),
            ("[blobs]\ns3_endpoint = \"https://s3.example.org\"\ndir = \"x\"", "two places"),
            ("[blobs]\ns3_endpoint = \"https://s3.example.org\"\ns3_bucket = \"nt2\"", "s3_secret_access_key"),
            ("[blobs]\ns3_endpoint = \"https://s3.example.org\"\ns3_access_key_id = \"a\"\ns3_secret_access_key = \"b\"", "s3_bucket"),
        ];
        for (text, word) in cases {
            let error = plan(text, &[]).expect_err(text);
            assert!(error.contains(word), "{error}");
        }
        assert!(plan("", &[("PREMIUM_SYNC_REQUIRED", "maybe")]).is_err());
    }

    #[test]
    fn printing_a_plan_shows_no_secret() {
        let env = [
            ("DATABASE_URL", "postgres://me:hunter2@db/x"),
            ("LEMONSQUEEZY_WEBHOOK_SECRET", "hunter2 hunter2 hunter2"),
            ("NT2_S3_ENDPOINT", "https://s3.example.org/"),
            ("NT2_S3_BUCKET", "nt2"),
            ("NT2_S3_ACCESS_KEY_ID", "hunter2"),
            ("NT2_S3_SECRET_ACCESS_KEY", "hunter2"),
        ];
        let plan = plan("", &env).expect("sound");
        assert!(!format!("{plan:?}").contains("hunter2"));
    }
}
