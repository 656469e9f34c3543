//! What engine and shell have told us. Only [`State::apply`], [`State::apply_shell`] and the notes of what was sent change it; views read it.

mod counts;
mod picks;
mod vault;

use std::collections::{BTreeMap, VecDeque};

use vault_engine::{
    Command, Event, Failure, RequestId,
    event::{
        BackupHeader, BackupReport, CheckReport, DrillReport, KitVerdict, LockReason, Notice, Progress, RestoreReport, VaultEntry,
        VaultStatus,
    },
    members::RemovalPlan,
    sync::PairingStep,
};
use vault_model::strength::Strength;

use crate::{
    outbox::{FileUse, PickedFile, ShellEvent, ShellFailure},
    platform::{Place, Platform, Storage},
};
pub use counts::Counts;
pub use picks::{FEW_RECENT, Picks};
pub use vault::{AttachmentBytes, Clip, Generated, OpenVault, Revealed, Totp};

/// Finished requests that are remembered; views look at theirs within a few frames.
const KEPT_OUTCOMES: usize = 64;
/// Answers on the strength of a text that are kept: a form asks one question at a time.
const KEPT_RATINGS: usize = 8;

/// A request on its way.
pub struct Request {
    /// Name of its command, for choosing words.
    pub name: &'static str,
    /// When it was sent, Unix milliseconds.
    pub since_ms: u64,
    /// How far it is, if it said so.
    pub progress: Option<Progress>,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Name of its command.
    pub name: &'static str,
    /// Nothing, or why it failed.
    pub result: Result<(), Failure>,
    /// When, Unix milliseconds.
    pub at_ms: u64,
}

/// Where Premium is bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// Who asked.
    pub request: RequestId,
    /// The shop's origin.
    pub shop: String,
    /// The whole address.
    pub url: String,
}

/// Something that just happened and wants a toast or a banner. Drained once a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// A request failed that no view waits for by itself.
    Failed(RequestId, &'static str, Failure),
    /// A value is on the clipboard.
    Copied,
    /// The clipboard no longer holds ours.
    ClipboardEnded(vault_engine::event::ClipboardEnd),
    /// The engine has something to say.
    Notice(Notice),
    /// Rows arrived or changed: searches are stale.
    RowsChanged,
    /// An exchange with a server brought something in.
    Merged(vault_engine::sync::MergeSummary),
    /// A vault was opened.
    Opened,
    /// The vault was locked.
    Locked(LockReason),
    /// An item was written by this request.
    Saved(RequestId, vault_protocol::ObjectId),
    /// The shell failed.
    Shell(ShellFailure),
    /// Files were picked, dropped or a place was chosen.
    Files(FileUse),
    /// Files were dropped on the window.
    Dropped,
}

/// Files and places by purpose, as the shell last answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    /// Picked files; empty if the dialog was cancelled.
    pub files: Vec<PickedFile>,
    /// A place to write to, if one was asked for and chosen.
    pub sink: Option<vault_engine::SinkId>,
    /// Where that is, for display.
    pub place: String,
    /// Grows with each answer, so that a view tells a new one from an old one.
    pub serial: u64,
}

/// All that is known.
#[derive(Default)]
pub struct State {
    /// The shell's clock, Unix milliseconds.
    pub now_ms: u64,
    /// Vaults of this device; `None` until the engine has answered.
    pub vaults: Option<Vec<VaultEntry>>,
    /// The open vault.
    pub vault: Option<Box<OpenVault>>,
    /// Why the last vault was locked.
    pub lock_reason: Option<LockReason>,
    /// Whether Caps Lock is on, if known.
    pub caps_lock: Option<bool>,
    /// Requests without an end yet.
    pub requests: BTreeMap<RequestId, Request>,
    /// The last written backup.
    pub backup: Option<(RequestId, BackupReport)>,
    /// What a backup says of itself.
    pub backup_found: Option<(RequestId, BackupHeader)>,
    /// What the last restore did.
    pub restored: Option<(RequestId, RestoreReport)>,
    /// What the last restore drill found, and when (Unix milliseconds).
    pub tested: Option<(RequestId, DrillReport, u64)>,
    /// What the last kit turned out to be.
    pub kit_checked: Option<(RequestId, KitVerdict)>,
    /// What the last check found.
    pub checked: Option<(RequestId, CheckReport)>,
    /// How far the pairing of a second device is, while its request runs.
    pub pairing: Option<(RequestId, PairingStep)>,
    /// What the removal of a device would mean, as last asked for.
    pub removal_plan: Option<(RequestId, RemovalPlan)>,
    /// Where Premium is bought, as the server last said.
    pub checkout: Option<Checkout>,
    /// Where the window runs.
    pub platform: Platform,
    /// How safe what a browser keeps is, once it said so.
    pub storage: Option<Storage>,
    /// Which tab holds the vaults.
    pub place: Place,
    /// The sync server that is offered where none was named yet; empty = none.
    pub offered_server: String,
    /// Whether a newer version waits for a reload.
    pub update_ready: bool,
    /// Files dropped on the window that no view has taken yet.
    pub dropped: Vec<PickedFile>,
    outcomes: Vec<(RequestId, Outcome)>,
    /// The last answers on how strong a text is.
    ratings: VecDeque<(RequestId, Option<Strength>)>,
    chosen: Vec<(FileUse, Chosen)>,
    news: Vec<News>,
    serial: u64,
    last_input_ms: u64,
}

impl State {
    /// Takes the engine's news in.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Done(request) => self.finish(request, Ok(())),
            Event::Failed(request, failure) => self.finish(request, Err(failure)),
            Event::Progress(request, progress) => {
                if let Some(running) = self.requests.get_mut(&request) {
                    running.progress = Some(progress);
                }
            }
            Event::Vaults(vaults) => self.vaults = Some(vaults),
            Event::Opened { status, draft } => {
                self.vault = Some(Box::new(OpenVault::new(status, draft)));
                self.lock_reason = None;
                self.last_input_ms = self.now_ms;
                self.news.push(News::Opened);
            }
            Event::Locked(reason) => {
                self.forget_vault();
                self.lock_reason = Some(reason);
                self.news.push(News::Locked(reason));
            }
            Event::BackedUp(request, report) => self.backup = Some((request, report)),
            Event::BackupFound(request, header) => self.backup_found = Some((request, header)),
            Event::Restored(request, report) => self.restored = Some((request, report)),
            Event::Tested(request, report) => self.tested = Some((request, report, self.now_ms)),
            Event::KitChecked(request, verdict) => self.kit_checked = Some((request, verdict)),
            Event::Checked(request, report) => self.checked = Some((request, report)),
            Event::Pairing(request, step) => self.pairing = Some((request, step)),
            Event::RemovalPlanned(request, plan) => self.removal_plan = Some((request, plan)),
            Event::Checkout { request, shop, url } => self.checkout = Some(Checkout { request, shop, url }),
            Event::Notice(notice) => self.news.push(News::Notice(notice)),
            Event::Saved(request, item) => self.news.push(News::Saved(request, item)),
            Event::VaultChanged(status) => {
                self.note_entry(&status);
                if let Some(vault) = &mut self.vault {
                    vault.status = status;
                }
            }
            Event::SyncChanged(_)
            | Event::FilesChanged(_)
            | Event::SyncMerged(_)
            | Event::Rows { .. }
            | Event::RowsChanged { .. }
            | Event::Found(..)
            | Event::Item(_)
            | Event::Revealed { .. }
            | Event::Totp { .. }
            | Event::Copied { .. }
            | Event::ClipboardCleared(_)
            | Event::History(..)
            | Event::Generated { .. }
            | Event::Bytes { .. } => {
                // Without an open vault these are answers that a lock has overtaken: dropped.
                if let Some(vault) = &mut self.vault {
                    vault.apply(event, self.now_ms, &mut self.news);
                }
            }
        }
    }

    /// Takes the shell's news in.
    pub fn apply_shell(&mut self, event: ShellEvent) {
        self.serial += 1;
        let serial = self.serial;
        match event {
            ShellEvent::FilesPicked { purpose, files } => {
                *self.chosen_mut(purpose) = Chosen { files, serial, ..Chosen::default() };
                self.news.push(News::Files(purpose));
            }
            ShellEvent::SinkChosen { purpose, sink, place } => {
                *self.chosen_mut(purpose) = Chosen { sink, place, serial, ..Chosen::default() };
                self.news.push(News::Files(purpose));
            }
            ShellEvent::FilesDropped(files) => {
                self.dropped = files;
                self.news.push(News::Dropped);
            }
            ShellEvent::CapsLock(on) => self.caps_lock = on,
            ShellEvent::Platform(platform) => self.platform = platform,
            ShellEvent::Storage(storage) => self.storage = Some(storage),
            ShellEvent::OpenElsewhere => self.leave(Place::Elsewhere),
            ShellEvent::TakenOver => self.leave(Place::TakenOver),
            ShellEvent::HereAgain => self.place = Place::Here,
            ShellEvent::Rated { request, strength } => {
                self.ratings.push_back((request, strength));
                if self.ratings.len() > KEPT_RATINGS {
                    self.ratings.pop_front();
                }
            }
            ShellEvent::ServerOffered(server) => self.offered_server = server,
            ShellEvent::UpdateReady => self.update_ready = true,
            ShellEvent::Minimised | ShellEvent::FocusLost => {
                if let Some(vault) = &mut self.vault {
                    vault.hide_all();
                }
            }
            // Held by the view that shows it, or by the window itself.
            ShellEvent::Left(_) | ShellEvent::SystemLanguage(_) | ShellEvent::Picture { .. } | ShellEvent::Shown | ShellEvent::Route(_) => {
            }
            ShellEvent::Failed(failure) => self.news.push(News::Shell(failure)),
        }
    }

    /// The clock moved: what has had its time hides.
    pub fn tick(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        if let Some(vault) = &mut self.vault {
            vault.tick(now_ms);
        }
    }

    /// Notes a command that leaves now.
    pub fn sent(&mut self, request: RequestId, command: &Command) {
        self.requests.insert(request, Request { name: command.name(), since_ms: self.now_ms, progress: None });
        if let Some(vault) = &mut self.vault {
            vault.sent(request, command);
        }
    }

    /// Notes that the person did something: the idle clock starts again.
    pub fn touched(&mut self) {
        self.last_input_ms = self.now_ms;
    }

    /// Milliseconds until the idle lock; `None` if it is off or nothing is open.
    pub fn locks_in_ms(&self) -> Option<u64> {
        let secs = u64::from(self.vault.as_ref()?.status.settings.lock_after_secs);
        (secs > 0).then(|| (self.last_input_ms + secs * 1000).saturating_sub(self.now_ms))
    }

    /// How a request ended; `None` while it runs or if it is long past.
    pub fn outcome(&self, request: RequestId) -> Option<&Outcome> {
        self.outcomes.iter().rev().find(|(id, _)| *id == request).map(|(_, outcome)| outcome)
    }

    /// How strong a text is that was asked about; the inner `None` if nobody could say.
    pub(crate) fn rating(&self, request: RequestId) -> Option<Option<Strength>> {
        self.ratings.iter().find(|(id, _)| *id == request).map(|(_, strength)| *strength)
    }

    /// Whether a request still runs.
    pub fn is_running(&self, request: RequestId) -> bool {
        self.requests.contains_key(&request)
    }

    /// What the shell answered for a purpose; compare [`Chosen::serial`] with [`State::serial`] at the time of asking.
    pub fn chosen(&self, purpose: FileUse) -> Option<&Chosen> {
        self.chosen.iter().find(|(key, _)| *key == purpose).map(|(_, chosen)| chosen)
    }

    /// Grows with each event of the shell.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// What just happened, once.
    pub(crate) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    fn finish(&mut self, request: RequestId, result: Result<(), Failure>) {
        // The code goes with it, and is wiped.
        self.pairing.take_if(|(running, _)| *running == request);
        let name = self.requests.remove(&request).map_or("", |running| running.name);
        if let Some(vault) = &mut self.vault {
            vault.finished(request);
        }
        if let Err(failure) = &result {
            self.news.push(News::Failed(request, name, failure.clone()));
        }
        if self.outcomes.len() == KEPT_OUTCOMES {
            self.outcomes.remove(0);
        }
        self.outcomes.push((request, Outcome { name, result, at_ms: self.now_ms }));
    }

    fn chosen_mut(&mut self, purpose: FileUse) -> &mut Chosen {
        let at = self.chosen.iter().position(|(key, _)| *key == purpose).unwrap_or_else(|| {
            self.chosen.push((purpose, Chosen::default()));
            self.chosen.len() - 1
        });
        &mut self.chosen[at].1
    }

    /// The vaults are not here: whatever the engine has said is dropped, and what of the browser is known stays.
    fn leave(&mut self, place: Place) {
        *self = Self {
            now_ms: self.now_ms,
            caps_lock: self.caps_lock,
            platform: self.platform,
            storage: self.storage.take(),
            update_ready: self.update_ready,
            offered_server: std::mem::take(&mut self.offered_server),
            serial: self.serial,
            place,
            ..Self::default()
        };
    }

    /// The lock screen goes by the list of vaults, which is older than what an open vault says of itself.
    fn note_entry(&mut self, status: &VaultStatus) {
        let entry = self.vaults.iter_mut().flatten().find(|entry| entry.vault == status.vault);
        if let Some(entry) = entry {
            entry.name.clone_from(&status.name);
            entry.has_password = status.has_password;
        }
    }

    fn forget_vault(&mut self) {
        self.vault = None;
        self.backup = None;
        self.restored = None;
        self.tested = None;
        self.kit_checked = None;
        self.checked = None;
        self.pairing = None;
        self.removal_plan = None;
        self.checkout = None;
        self.dropped.clear();
    }
}
