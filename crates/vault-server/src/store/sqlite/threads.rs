//! One writer and some readers, each a thread with its own connection.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::store::{StoreError, StoreResult};

/// Jobs that may wait. More would only wait longer than their clients do.
const MAX_WAITING: usize = 1024;
/// Writes that share one commit: enough to make the flush cheap, few enough that the first does not wait long for the last.
const MAX_GROUP: usize = 128;

type ReadJob = Box<dyn FnOnce(&Connection) + Send>;
/// Does the work and returns how to tell its result, once it is known whether the group was committed.
type WriteJob = Box<dyn FnOnce(&Connection) -> Tell + Send>;
type Tell = Box<dyn FnOnce(StoreResult<()>) + Send>;

/// Ends its threads when dropped.
pub(super) struct Threads {
    writes: SyncSender<WriteJob>,
    reads: SyncSender<ReadJob>,
}

impl Threads {
    pub(super) fn start(writer: Connection, readers: Vec<Connection>) -> StoreResult<Self> {
        let (writes, write_jobs) = sync_channel::<WriteJob>(MAX_WAITING);
        let (reads, read_jobs) = sync_channel::<ReadJob>(MAX_WAITING);
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let spawned = thread::Builder::new().name(name.to_owned()).spawn(work);
            spawned.map(|_handle| ()).map_err(|error| StoreError::Database(Box::new(error)))
        };
        spawn("store writer", Box::new(move || write_all(&writer, &write_jobs)))?;
        let read_jobs = Arc::new(Mutex::new(read_jobs));
        for reader in readers {
            let jobs = read_jobs.clone();
            spawn("store reader", Box::new(move || read_all(&reader, &jobs)))?;
        }
        Ok(Self { writes, reads })
    }

    pub(super) async fn read<T: Send + 'static>(&self, op: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static) -> StoreResult<T> {
        let (tell, told) = oneshot::channel();
        let job: ReadJob = Box::new(move |connection| {
            // Whoever asked may have gone; then nobody needs the answer.
            tell.send(in_snapshot(connection, op)).ok();
        });
        self.reads.try_send(job).map_err(busy)?;
        told.await.map_err(|_gone| StoreError::Busy)?
    }

    pub(super) async fn write<T: Send + 'static>(&self, op: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static) -> StoreResult<T> {
        let (tell, told) = oneshot::channel();
        let job: WriteJob = Box::new(move |connection| {
            let result = in_savepoint(connection, op);
            Box::new(move |committed| {
                tell.send(result.and_then(|value| committed.map(|()| value))).ok();
            })
        });
        self.writes.try_send(job).map_err(busy)?;
        told.await.map_err(|_gone| StoreError::Busy)?
    }
}

fn busy<T>(_error: TrySendError<T>) -> StoreError {
    StoreError::Busy
}

fn read_all(connection: &Connection, jobs: &Mutex<Receiver<ReadJob>>) {
    loop {
        // The lock is held only while waiting for a job, not while it runs.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(connection),
            Err(_all_senders_gone) => return,
        }
    }
}

fn write_all(connection: &Connection, jobs: &Receiver<WriteJob>) {
    while let Ok(first) = jobs.recv() {
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            // Whoever waits must hear of it: outside a transaction its job refuses to run.
            first(connection)(Err(error.into()));
            continue;
        }
        let mut group = vec![first(connection)];
        while group.len() < MAX_GROUP
            && let Ok(next) = jobs.try_recv()
        {
            group.push(next(connection));
        }
        let committed = connection.execute_batch("COMMIT").map_err(StoreError::from);
        if committed.is_err() {
            // After a failed commit the transaction may or may not be open.
            connection.execute_batch("ROLLBACK").ok();
        }
        for tell in group {
            tell(match &committed {
                Ok(()) => Ok(()),
                Err(StoreError::Busy) => Err(StoreError::Busy),
                Err(error) => Err(StoreError::Database(error.to_string().into())),
            });
        }
    }
}

/// One job of a group: if it fails, what it wrote is undone and the others stand.
fn in_savepoint<T>(connection: &Connection, op: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
    if connection.is_autocommit() {
        return Err(StoreError::Busy);
    }
    connection.execute_batch("SAVEPOINT job")?;
    let result = op(connection);
    let end = if result.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    connection.execute_batch(end)?;
    result
}

/// Several statements of one reader see one state.
fn in_snapshot<T>(connection: &Connection, op: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
    let transaction = connection.unchecked_transaction()?;
    op(&transaction)
}
