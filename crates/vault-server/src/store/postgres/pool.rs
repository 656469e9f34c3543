//! Connections and transactions.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_postgres::{Client, Config, IsolationLevel, Portal, Row, Statement, Transaction, error::SqlState, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    store::{StoreError, StoreResult},
    tls,
};

/// Times that a transaction is tried again before the server says that it is busy.
pub(super) const MAX_RETRIES: u32 = 12;
/// How long to wait for a free connection.
const TAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Parameters of a statement.
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What a transaction does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// Open connections that nobody uses, and a bound on all.
pub(super) struct Pool {
    config: Config,
    tls: MakeRustlsConnect,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

/// One connection with the statements that it knows.
pub(super) struct Connection {
    client: Client,
    statements: Mutex<HashMap<&'static str, Statement>>,
    place: Option<OwnedSemaphorePermit>,
}

/// A transaction. Dropped without [`Self::commit`], it is undone.
pub(super) struct Db<'a> {
    transaction: Transaction<'a>,
    statements: &'a Mutex<HashMap<&'static str, Statement>>,
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(Box::new(error))
    }
}

impl Pool {
    pub(super) fn new(url: &str, ca: Option<&Path>, n_connections: usize) -> StoreResult<Self> {
        let mut config: Config = url.parse()?;
        config.connect_timeout(CONNECT_TIMEOUT).application_name("nt2-server");
        let tls = MakeRustlsConnect::new(tls::client_config(ca).map_err(StoreError::Database)?);
        Ok(Self { config, tls, idle: Mutex::default(), places: Arc::new(Semaphore::new(n_connections.max(1))) })
    }

    pub(super) async fn take(&self) -> StoreResult<Connection> {
        let place = timeout(TAKE_TIMEOUT, self.places.clone().acquire_owned()).await;
        let place = place.map_err(|_elapsed| StoreError::Busy)?.map_err(|_closed| StoreError::Busy)?;
        while let Some(mut connection) = self.pop() {
            if !connection.client.is_closed() {
                connection.place = Some(place);
                return Ok(connection);
            }
        }
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        tokio::spawn(async move {
            // Whoever uses the connection gets the error of the statement that failed.
            connection.await.ok();
        });
        Ok(Connection { client, statements: Mutex::default(), place: Some(place) })
    }

    /// Keeps a connection for the next. One whose transaction failed is kept too, unless it is closed: the failure was undone.
    pub(super) fn give_back(&self, mut connection: Connection, is_sound: bool) {
        if is_sound || !connection.client.is_closed() {
            let place = connection.place.take();
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(place);
        }
    }

    fn pop(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

impl Connection {
    pub(super) async fn begin(&mut self, access: Access) -> StoreResult<Db<'_>> {
        let transaction = self.client.build_transaction();
        let transaction = match access {
            // One state for all its statements, and nothing for writers to wait for.
            Access::Read => transaction.isolation_level(IsolationLevel::RepeatableRead).read_only(true),
            Access::Write => transaction.isolation_level(IsolationLevel::Serializable),
        };
        Ok(Db { transaction: transaction.start().await?, statements: &self.statements })
    }
}

impl Db<'_> {
    pub(super) async fn commit(self) -> StoreResult<()> {
        Ok(self.transaction.commit().await?)
    }

    pub(super) async fn batch(&self, sql: &str) -> StoreResult<()> {
        Ok(self.transaction.batch_execute(sql).await?)
    }

    pub(super) async fn execute(&self, sql: &'static str, params: Params<'_>) -> StoreResult<u64> {
        let statement = self.statement(sql).await?;
        Ok(self.transaction.execute(&statement, params).await?)
    }

    pub(super) async fn all(&self, sql: &'static str, params: Params<'_>) -> StoreResult<Vec<Row>> {
        let statement = self.statement(sql).await?;
        Ok(self.transaction.query(&statement, params).await?)
    }

    pub(super) async fn one(&self, sql: &'static str, params: Params<'_>) -> StoreResult<Option<Row>> {
        let statement = self.statement(sql).await?;
        Ok(self.transaction.query_opt(&statement, params).await?)
    }

    /// A result that is fetched piece by piece: see [`Self::next`].
    pub(super) async fn portal(&self, sql: &'static str, params: Params<'_>) -> StoreResult<Portal> {
        let statement = self.statement(sql).await?;
        Ok(self.transaction.bind(&statement, params).await?)
    }

    pub(super) async fn next(&self, portal: &Portal, n_rows: i32) -> StoreResult<Vec<Row>> {
        Ok(self.transaction.query_portal(portal, n_rows).await?)
    }

    async fn statement(&self, sql: &'static str) -> StoreResult<Statement> {
        let known = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.transaction.prepare(sql).await?;
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql, statement.clone());
        Ok(statement)
    }
}

/// Whether two transactions were only in each other's way: they could not be ordered, waited for each other, or made the same thing at once.
pub(super) fn may_retry(error: &StoreError) -> bool {
    let StoreError::Database(source) = error else { return false };
    let code = source.downcast_ref::<tokio_postgres::Error>().and_then(tokio_postgres::Error::code);
    let again =
        [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_TABLE];
    code.is_some_and(|code| again.contains(code))
}

/// Longer each time, and not the same for two who met.
pub(super) async fn back_off(attempt: u32) {
    let mut random = [0; 1];
    // Without randomness they may meet again, and then wait longer.
    getrandom::fill(&mut random).ok();
    let most_ms = 4 << attempt.min(7);
    sleep(Duration::from_millis(1 + most_ms * u64::from(random[0]) / 255)).await;
}
