//! Whether everything is where it should be: database, chains, attachments. It opens nothing; that part is the engine's.

use std::collections::BTreeMap;

use vault_protocol::{BlobId, LogId};

use crate::blobs::{BlobStore, SweepError};
use crate::{BlobState, LogExtent, StoreError, VaultStore};

/// Complaints kept of one table; more say nothing new.
const MAX_COMPLAINTS: usize = 100;
/// Blob records compared in one step.
const BLOBS_PER_STEP: u32 = 1000;

/// A check that runs in steps; each reads at most one table, one log or a thousand blob records.
pub struct Check {
    work: Vec<Work>,
    n_total: usize,
    report: CheckReport,
}

enum Work {
    Table(String),
    References,
    Chain(LogExtent),
    Vector,
    Files,
    Blobs { after: BlobId, files: BTreeMap<BlobId, u64> },
}

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckStep {
    /// There is more to do.
    More {
        /// Steps done.
        n_done: usize,
        /// Steps known so far.
        n_total: usize,
    },
    /// The check is over.
    Done(CheckReport),
}

/// What a check found. Empty lists are good news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// SQLite's complaints about pages, cells, indexes and constraints: the vault needs [`salvage`](crate::salvage) or a backup.
    pub damage: Vec<String>,
    /// Tables with records that point nowhere.
    pub dangling: Vec<String>,
    /// Logs with a missing entry or a wrong head: to be fetched again from a carrier.
    pub broken_logs: Vec<LogId>,
    /// Blobs recorded as present whose file is not there (MS27).
    pub missing_blobs: Vec<BlobId>,
    /// Blobs whose file has another length than recorded.
    pub wrong_length: Vec<BlobId>,
    /// Files without a record: to be swept.
    pub orphans: Vec<BlobId>,
    /// Control entries, entries, rows and blobs counted.
    pub n_seen: Seen,
}

/// How much a check has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Entries of all logs.
    pub entries: u64,
    /// Rows.
    pub rows: u64,
    /// Blob records.
    pub blobs: u64,
}

impl CheckReport {
    /// Whether nothing at all is wrong; orphans are no fault.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty()
            && self.dangling.is_empty()
            && self.broken_logs.is_empty()
            && self.missing_blobs.is_empty()
            && self.wrong_length.is_empty()
    }
}

impl Check {
    /// Plans a check of `store`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if not even the list of tables can be read.
    pub fn new(store: &VaultStore) -> Result<Self, StoreError> {
        let mut work = Vec::new();
        let mut tables = store.connection().prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
        for name in tables.query_map([], |row| row.get(0))? {
            work.push(Work::Table(name?));
        }
        work.push(Work::References);
        match store.read().logs() {
            Ok(logs) => work.extend(logs.into_iter().map(Work::Chain)),
            // The table's own check says what is wrong with it.
            Err(StoreError::Damaged(_)) => {}
            Err(error) => return Err(error),
        }
        work.push(Work::Vector);
        work.push(Work::Files);
        work.reverse();
        Ok(Self { n_total: work.len() + 1, work, report: CheckReport::default() })
    }

    /// Does the next step.
    ///
    /// # Errors
    ///
    /// [`SweepError`], where it is not damage: that goes into the report.
    pub fn step(&mut self, store: &VaultStore, blobs: &mut dyn BlobStore) -> Result<CheckStep, SweepError> {
        let Some(work) = self.work.pop() else { return Ok(CheckStep::Done(std::mem::take(&mut self.report))) };
        match self.carry_out(work, store, blobs) {
            Ok(()) => {}
            Err(SweepError::Store(StoreError::Damaged(cause))) => {
                self.report.damage.push(cause.map_or_else(|| "a record is malformed".into(), |cause| cause.to_string()));
            }
            Err(error) => return Err(error),
        }
        Ok(CheckStep::More { n_done: self.n_total - self.work.len(), n_total: self.n_total })
    }

    /// Runs all steps.
    ///
    /// # Errors
    ///
    /// As [`Self::step`].
    pub fn run(mut self, store: &VaultStore, blobs: &mut dyn BlobStore) -> Result<CheckReport, SweepError> {
        loop {
            if let CheckStep::Done(report) = self.step(store, blobs)? {
                return Ok(report);
            }
        }
    }

    fn carry_out(&mut self, work: Work, store: &VaultStore, blobs: &mut dyn BlobStore) -> Result<(), SweepError> {
        match work {
            Work::Table(name) => self.check_table(store, &name)?,
            Work::References => self.check_references(store)?,
            Work::Chain(extent) => self.check_chain(store, extent)?,
            Work::Vector => self.check_vector(store)?,
            Work::Files => {
                let files = blobs.list()?.into_iter().collect();
                self.plan(Work::Blobs { after: BlobId::ZERO, files });
            }
            Work::Blobs { after, files } => self.check_blobs(store, after, files)?,
        }
        Ok(())
    }

    fn plan(&mut self, work: Work) {
        self.work.push(work);
        self.n_total += 1;
    }

    fn check_table(&mut self, store: &VaultStore, name: &str) -> Result<(), StoreError> {
        let mut complaints = Vec::new();
        let result = store.connection().pragma(None, "integrity_check", name, |row| {
            complaints.push(row.get::<_, String>(0)?);
            Ok(())
        });
        self.report.damage.extend(complaints.into_iter().filter(|text| text != "ok").take(MAX_COMPLAINTS));
        result?;
        match name {
            "rows" => self.report.n_seen.rows = store.read().n_rows()?,
            "entries" => self.report.n_seen.entries = store.connection().query_row("SELECT COUNT(*) FROM entries", [], |row| row.get(0))?,
            _ => {}
        }
        Ok(())
    }

    fn check_references(&mut self, store: &VaultStore) -> Result<(), StoreError> {
        let mut statement = store.connection().prepare("PRAGMA foreign_key_check")?;
        for table in statement.query_map([], |row| row.get::<_, String>(0))? {
            let table = table?;
            if !self.report.dangling.contains(&table) {
                self.report.dangling.push(table);
            }
        }
        Ok(())
    }

    fn check_chain(&mut self, store: &VaultStore, extent: LogExtent) -> Result<(), StoreError> {
        let LogExtent { log, first_seq, head } = extent;
        let sql = "SELECT COUNT(*), COALESCE(MIN(seq), ?2), COALESCE(MAX(seq), ?2 - 1) FROM entries WHERE log = ?1";
        let (n_held, first, last): (u64, u64, u64) =
            store.connection().query_row(sql, (log.0, first_seq), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let contiguous = first == first_seq && last == head.seq && n_held == head.seq + 1 - first_seq;
        let ends_in_head = n_held == 0 || store.read().entry(log, head.seq)?.is_some_and(|(hash, _)| hash == head.hash);
        if !contiguous || !ends_in_head {
            self.report.broken_logs.push(log);
        }
        Ok(())
    }

    /// What is applied must be held, and the same entry.
    fn check_vector(&mut self, store: &VaultStore) -> Result<(), StoreError> {
        let read = store.read();
        for applied in read.applied()? {
            let seq = applied.head.seq;
            let held = read.log_head(applied.log)?;
            let beyond = held.map_or(0, |head| head.seq) < seq;
            let same = seq == 0 || read.entry(applied.log, seq)?.is_none_or(|(hash, _)| hash == applied.head.hash);
            if (beyond || !same) && !self.report.broken_logs.contains(&applied.log) {
                self.report.broken_logs.push(applied.log);
            }
        }
        Ok(())
    }

    fn check_blobs(&mut self, store: &VaultStore, after: BlobId, mut files: BTreeMap<BlobId, u64>) -> Result<(), StoreError> {
        let records = store.read().blobs_after(after, BLOBS_PER_STEP)?;
        self.report.n_seen.blobs += records.len() as u64;
        for record in &records {
            match (record.state, files.remove(&record.blob)) {
                (BlobState::Present, None) => self.report.missing_blobs.push(record.blob),
                (BlobState::Present, Some(len_bytes)) if len_bytes != record.len_bytes => self.report.wrong_length.push(record.blob),
                (BlobState::Present, Some(_)) | (BlobState::Missing, _) => {}
            }
        }
        match records.last() {
            Some(last) if records.len() == BLOBS_PER_STEP as usize => self.plan(Work::Blobs { after: last.blob, files }),
            _ => self.report.orphans = files.into_keys().collect(),
        }
        Ok(())
    }
}
