//! The command line as a client of the engine: one command at a time, with progress and Ctrl-C.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use vault_engine::{
    Command, Event, Failure, RequestId, SinkId, SourceId,
    event::{Notice, Progress, Stage, VaultEntry, VaultStatus},
};
use vault_model::{ItemRow, ItemView, SecretText};
use vault_protocol::ObjectId;

use super::{
    args::Global,
    error::CliError,
    print::{self, Form},
    secrets::Secrets,
};
use crate::platform::{
    engine::{EngineHandle, Setup},
    files::Existing,
    paths,
};

/// How often Ctrl-C is looked at while waiting.
const LOOK: Duration = Duration::from_millis(100);

/// Where an item is looked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// Outside the trash.
    Items,
    /// In the trash.
    Trash,
}

/// An engine of its own, and what it has told.
pub(crate) struct Client {
    engine: EngineHandle,
    events: Receiver<Event>,
    last_request: u64,
    interrupts: Arc<AtomicU32>,
    progress: ProgressLine,
    /// Where passwords come from.
    pub(crate) secrets: Secrets,
    /// How results are printed.
    pub(crate) form: Form,
    /// Vaults of this device, once asked for.
    pub(crate) vaults: Vec<VaultEntry>,
    /// Every item of the open vault.
    pub(crate) rows: BTreeMap<ObjectId, ItemRow>,
    /// What is true of the open vault.
    pub(crate) status: Option<VaultStatus>,
    wanted_vault: Option<String>,
}

impl Client {
    /// Starts an engine on the data folder.
    pub(crate) fn start(global: Global) -> Result<Self, CliError> {
        let secrets = Secrets::new(&global)?;
        let place =
            paths::data_place(global.data).map_err(|error| CliError::File { what: "The data folder can't be made".to_owned(), error })?;
        let key_store = if place.is_portable { crate::platform::keys::KeyStoreChoice::Disk } else { global.key_store };
        let (send, events) = mpsc::channel();
        let engine = EngineHandle::start(Setup { data: place.folder, key_store }, move |event| {
            // The client goes first at exit.
            send.send(event).ok();
        })
        .map_err(|error| CliError::File { what: "The engine can't be started".to_owned(), error })?;
        Ok(Self {
            engine,
            events,
            last_request: 0,
            interrupts: on_interrupt(),
            progress: ProgressLine::new(),
            secrets,
            form: if global.json { Form::Json } else { Form::Text },
            vaults: Vec::new(),
            rows: BTreeMap::new(),
            status: None,
            wanted_vault: global.vault,
        })
    }

    /// Runs a command to its end; gives the events that came with it.
    pub(crate) fn call(&mut self, command: Command) -> Result<Vec<Event>, CliError> {
        self.last_request += 1;
        let request = RequestId(self.last_request);
        self.engine.send(request, command);
        let mut answers = Vec::new();
        let mut cancelled = false;
        let result = loop {
            if !cancelled && self.interrupts.load(Ordering::Relaxed) > 0 {
                self.last_request += 1;
                self.engine.send(RequestId(self.last_request), Command::Cancel(request));
                cancelled = true;
            }
            match self.events.recv_timeout(LOOK) {
                Ok(Event::Done(done)) if done == request => break Ok(answers),
                Ok(Event::Failed(failed, failure)) if failed == request => break Err(failure),
                Ok(Event::Progress(of, progress)) if of == request => self.progress.show(progress),
                Ok(event) => answers.extend(self.note(event)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break Err(Failure::Locked),
            }
        };
        self.progress.clear();
        match result {
            Err(Failure::Cancelled) => Err(CliError::Interrupted),
            // A command that was too quick to cancel is done; the next one is not begun.
            Ok(_) if cancelled => Err(CliError::Interrupted),
            result => result.map_err(CliError::Engine),
        }
    }

    /// Waits for an event that no request asks for.
    pub(crate) fn wait_for<T>(&mut self, patience: Duration, mut wanted: impl FnMut(Event) -> Option<T>) -> Option<T> {
        let n_looks = patience.as_millis() / LOOK.as_millis();
        for _ in 0..n_looks {
            match self.events.recv_timeout(LOOK) {
                Ok(event) => {
                    if let Some(found) = self.note(event).and_then(&mut wanted) {
                        return Some(found);
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.interrupts.load(Ordering::Relaxed) == 0 => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Keeps what is true of the vault; hands back the rest.
    fn note(&mut self, event: Event) -> Option<Event> {
        match event {
            Event::Vaults(vaults) => self.vaults = vaults,
            Event::Opened { status, .. } => {
                self.rows.clear();
                self.status = Some(status);
            }
            Event::VaultChanged(status) => self.status = Some(status),
            Event::Rows { rows, .. } => self.rows.extend(rows.into_iter().map(|row| (row.id, row))),
            Event::RowsChanged { changed, gone } => {
                self.rows.retain(|id, _| !gone.contains(id));
                self.rows.extend(changed.into_iter().map(|row| (row.id, row)));
            }
            Event::Notice(notice) => return Some(Event::Notice(tell(notice))),
            other => return Some(other),
        }
        None
    }

    /// The vault that `--vault` names, or the only one.
    pub(crate) fn find_vault(&mut self) -> Result<VaultEntry, CliError> {
        self.call(Command::ListVaults)?;
        let found: Vec<&VaultEntry> = match &self.wanted_vault {
            Some(wanted) => {
                let by_id = |vault: &&VaultEntry| wanted.len() >= 4 && vault.vault.to_string().starts_with(&wanted.to_lowercase());
                let named: Vec<&VaultEntry> = self.vaults.iter().filter(|vault| vault.name == *wanted).collect();
                if named.is_empty() { self.vaults.iter().filter(by_id).collect() } else { named }
            }
            None => self.vaults.iter().collect(),
        };
        match (found.as_slice(), &self.wanted_vault) {
            ([only], _) => Ok((*only).clone()),
            ([], None) => Err(CliError::NotFound("There is no vault yet. Make one with nt2 create NAME.".to_owned())),
            ([], Some(wanted)) => Err(CliError::NotFound(format!("There is no vault {wanted:?}. nt2 vaults lists them."))),
            (_, None) => Err(CliError::Usage("There are several vaults. Name one with --vault; nt2 vaults lists them.".to_owned())),
            (_, Some(wanted)) => {
                Err(CliError::Usage(format!("Several vaults are called {wanted:?}. Give the id instead; nt2 vaults lists them.")))
            }
        }
    }

    /// Opens the vault; asks for its password if it has one.
    pub(crate) fn unlock(&mut self) -> Result<(), CliError> {
        let vault = self.find_vault()?;
        let password =
            if vault.has_password { self.secrets.ask(&format!("Master password of {}", vault.name))? } else { SecretText::default() };
        self.call(Command::Unlock { vault: vault.vault, password })?;
        Ok(())
    }

    /// The item that `wanted` names: by title, by id, by the beginning of an id. `first` is looked through before everything else.
    pub(crate) fn find_item(&self, wanted: &str, first: Where) -> Result<ObjectId, CliError> {
        let folded = wanted.to_lowercase();
        let is_id = folded.len() >= 4 && folded.chars().all(|c| c.is_ascii_hexdigit());
        let titled = |trashed: bool| -> Vec<&ItemRow> {
            self.rows.values().filter(|row| row.trashed == trashed && row.title.to_lowercase() == folded).collect()
        };
        let by_id: Vec<&ItemRow> =
            if is_id { self.rows.values().filter(|row| row.id.to_string().starts_with(&folded)).collect() } else { Vec::new() };
        let in_trash = first == Where::Trash;
        let found = [titled(in_trash), by_id, titled(!in_trash)].into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        match found.as_slice() {
            [only] => Ok(only.id),
            [] => Err(CliError::NotFound(format!("There is no item {wanted:?}. nt2 search finds by any word."))),
            several => {
                let ids: Vec<String> = several.iter().map(|row| row.id.to_string()).collect();
                Err(CliError::NotFound(format!("Several items are called {wanted:?}. Give an id instead: {}.", ids.join(", "))))
            }
        }
    }

    /// Opens an item without its secrets.
    pub(crate) fn open_item(&mut self, item: ObjectId) -> Result<Box<ItemView>, CliError> {
        let answers = self.call(Command::OpenItem { item })?;
        let view = answers.into_iter().find_map(|event| match event {
            Event::Item(view) if view.id == item => Some(view),
            _ => None,
        });
        view.ok_or(CliError::Engine(Failure::NotFound))
    }

    /// Registers a file for reading.
    pub(crate) fn source(&self, path: &Path) -> Result<(SourceId, u64), CliError> {
        self.engine.files().add_source(path).map_err(|error| CliError::File { what: format!("{} can't be read", path.display()), error })
    }

    /// Registers a place for writing.
    pub(crate) fn sink(&self, path: &Path, existing: Existing) -> Result<SinkId, CliError> {
        self.engine
            .files()
            .add_sink(path, existing)
            .map_err(|error| CliError::File { what: format!("{} can't be written", path.display()), error })
    }
}

/// Says what opening the data folder has brought up, on standard error.
fn tell(notice: Notice) -> Notice {
    match notice {
        Notice::ListRebuilt(n) => {
            print::hint(&format!("The list of vaults was damaged or missing. It was made anew; vaults found: {n}. nt2 vaults shows them."));
        }
        Notice::OldCopy => print::hint("An older copy of this vault's folder was put back. Nothing is lost; work goes on from here."),
        _ => {}
    }
    notice
}

/// Counts Ctrl-C. The first one cancels what runs; the third ends the program at once.
fn on_interrupt() -> Arc<AtomicU32> {
    let interrupts = Arc::new(AtomicU32::new(0));
    let counter = interrupts.clone();
    // Without a handler, Ctrl-C ends the program as it ends any other: temporary files may then stay.
    ctrlc::set_handler(move || {
        if counter.fetch_add(1, Ordering::Relaxed) >= 2 {
            std::process::exit(130);
        }
    })
    .ok();
    interrupts
}

/// One line on standard error that is written over; nothing if that is no terminal.
struct ProgressLine {
    is_terminal: bool,
    shown: String,
}

impl ProgressLine {
    fn new() -> Self {
        Self { is_terminal: io::stderr().is_terminal(), shown: String::new() }
    }

    fn show(&mut self, progress: Progress) {
        if !self.is_terminal {
            return;
        }
        let text = text_of(progress);
        if text != self.shown {
            // Nothing depends on it.
            write!(io::stderr(), "\r{text:<40}").ok();
            self.shown = text;
        }
    }

    fn clear(&mut self) {
        if !self.shown.is_empty() {
            // As above.
            write!(io::stderr(), "\r{:<40}\r", "").ok();
            self.shown.clear();
        }
    }
}

fn text_of(progress: Progress) -> String {
    let stage = match progress.stage {
        Stage::Deriving => return "Deriving the key …".to_owned(),
        Stage::Opening => "Opening",
        Stage::Sealing => "Encrypting",
        Stage::Reading => "Decrypting",
        Stage::Checking => "Checking",
        Stage::Writing => "Writing",
        Stage::Syncing => "Syncing",
        Stage::Fetching => "Downloading",
    };
    match (progress.done * 100).checked_div(progress.total) {
        Some(percent) => format!("{stage} … {} %", percent.min(100)),
        None => format!("{stage} …"),
    }
}
