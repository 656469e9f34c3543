//! The open vault as the window knows it: rows without secrets, the open item, and secrets only while they are shown.

use std::collections::{BTreeMap, HashMap};

use vault_engine::{
    Command, Event, RequestId,
    event::{PastValue, VaultStatus, zeroize_bytes::SecretBytes},
    files::FilesStatus,
    sync::SyncStatus,
};
use vault_model::{FieldId, ItemDraft, ItemRow, ItemView, SecretText};
use vault_protocol::ObjectId;

use super::{Counts, News, Picks};

/// A secret that is shown right now.
pub struct Revealed {
    /// The request that brought it.
    pub request: RequestId,
    /// Of which item.
    pub item: ObjectId,
    /// Which field.
    pub field: FieldId,
    /// Its text.
    pub text: SecretText,
    /// Since when, Unix milliseconds.
    pub at_ms: u64,
}

/// The live code of a TOTP field.
pub struct Totp {
    /// The code now.
    pub code: SecretText,
    /// The one after it.
    pub next: SecretText,
    /// When the current one ends, Unix milliseconds.
    pub until_ms: u64,
    /// Its whole life in seconds.
    pub period_secs: u32,
}

/// What we put on the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Of which item, if any.
    pub item: Option<ObjectId>,
    /// Which field, if any.
    pub field: Option<FieldId>,
    /// When it will be cleared, Unix milliseconds; `None` = never.
    pub clears_ms: Option<u64>,
}

/// What the generator made.
pub struct Generated {
    /// The request.
    pub request: RequestId,
    /// The text.
    pub text: SecretText,
    /// Entropy in bits.
    pub bits: f64,
}

/// Bytes of an attachment, wiped when dropped.
pub struct AttachmentBytes {
    /// First byte.
    pub offset: u64,
    /// The bytes.
    pub bytes: SecretBytes,
    /// Length of the whole.
    pub total: u64,
}

/// See the module.
pub struct OpenVault {
    /// What is true of it.
    pub status: VaultStatus,
    /// What was being typed when it was last locked.
    pub draft: Option<Box<ItemDraft>>,
    /// Where sync stands; `None` before the engine has said it.
    pub sync: Option<Box<SyncStatus>>,
    /// What of attachments is here, and what is on its way; `None` before the engine has said it.
    pub files: Option<Box<FilesStatus>>,
    /// Every item, without secrets.
    pub rows: HashMap<ObjectId, ItemRow>,
    /// Whether all rows have arrived.
    pub complete: bool,
    /// Grows with every change of the rows.
    pub rows_serial: u64,
    /// Numbers for the sidebar.
    pub counts: Counts,
    /// Rows that some views want apart.
    pub picks: Picks,
    /// The list as last found, in its order; `None` before the first answer.
    pub found: Option<Vec<ObjectId>>,
    /// The open item.
    pub item: Option<Box<ItemView>>,
    /// Live codes of the open item.
    pub totp: BTreeMap<FieldId, Totp>,
    /// Past values as last asked for.
    pub history: Option<(RequestId, Vec<PastValue>)>,
    /// What the generator made last.
    pub generated: Option<Generated>,
    /// Bytes of attachments by request.
    pub bytes: BTreeMap<RequestId, AttachmentBytes>,
    /// What is on the clipboard, if it is ours.
    pub clip: Option<Clip>,
    revealed: Vec<Revealed>,
    loading: bool,
    wanted_search: Option<RequestId>,
}

impl OpenVault {
    pub(super) fn new(status: VaultStatus, draft: Option<Box<ItemDraft>>) -> Self {
        Self {
            status,
            draft,
            sync: None,
            files: None,
            rows: HashMap::new(),
            complete: false,
            rows_serial: 0,
            counts: Counts::default(),
            picks: Picks::default(),
            found: None,
            item: None,
            totp: BTreeMap::new(),
            history: None,
            generated: None,
            bytes: BTreeMap::new(),
            clip: None,
            revealed: Vec::new(),
            loading: false,
            wanted_search: None,
        }
    }

    /// The text of a field that is revealed now.
    pub fn revealed(&self, item: ObjectId, field: &FieldId) -> Option<&Revealed> {
        self.revealed.iter().find(|shown| shown.item == item && shown.field == *field)
    }

    /// The text that a request revealed: also for past values.
    pub fn revealed_by(&self, request: RequestId) -> Option<&Revealed> {
        self.revealed.iter().find(|shown| shown.request == request)
    }

    /// Whether anything secret is shown now.
    pub fn anything_revealed(&self) -> bool {
        !self.revealed.is_empty()
    }

    /// Forgets what a request brought: a secret, bytes, a generated text.
    pub(crate) fn forget(&mut self, request: RequestId) {
        self.revealed.retain(|shown| shown.request != request);
        self.bytes.remove(&request);
        self.generated.take_if(|generated| generated.request == request);
        self.history.take_if(|(id, _)| *id == request);
    }

    pub(super) fn hide_all(&mut self) {
        self.revealed.clear();
    }

    pub(super) fn tick(&mut self, now_ms: u64) {
        let secs = u64::from(self.status.settings.reveal_secs);
        if secs > 0 {
            self.revealed.retain(|shown| now_ms < shown.at_ms + secs * 1000);
        }
    }

    /// Milliseconds until the next shown secret hides; `None` if none does by itself.
    pub(crate) fn hides_in_ms(&self, now_ms: u64) -> Option<u64> {
        let secs = u64::from(self.status.settings.reveal_secs);
        let first = self.revealed.iter().map(|shown| shown.at_ms).min().filter(|_| secs > 0)?;
        Some((first + secs * 1000).saturating_sub(now_ms))
    }

    pub(super) fn sent(&mut self, request: RequestId, command: &Command) {
        match command {
            Command::Search { .. } => self.wanted_search = Some(request),
            Command::OpenItem { item } if self.item.as_ref().is_none_or(|open| open.id != *item) => self.close_item(),
            Command::CloseItem => self.close_item(),
            Command::KeepDraft(None) => self.draft = None,
            _ => {}
        }
    }

    /// Notes that a request has ended.
    pub(super) fn finished(&mut self, request: RequestId) {
        self.wanted_search.take_if(|wanted| *wanted == request);
    }

    /// Whether a search was sent that is not answered yet.
    pub(crate) fn is_searching(&self) -> bool {
        self.wanted_search.is_some()
    }

    fn close_item(&mut self) {
        self.item = None;
        self.totp.clear();
        self.revealed.clear();
        self.bytes.clear();
        self.history = None;
    }

    pub(super) fn apply(&mut self, event: Event, now_ms: u64, news: &mut Vec<News>) {
        match event {
            Event::Rows { rows, last } => {
                if !self.loading {
                    self.rows.clear();
                    self.counts = Counts::default();
                    self.picks = Picks::default();
                    self.complete = false;
                }
                self.loading = !last;
                self.complete = last;
                self.change_rows(rows, &[]);
                news.push(News::RowsChanged);
            }
            Event::RowsChanged { changed, gone } => {
                self.change_rows(changed, &gone);
                news.push(News::RowsChanged);
            }
            Event::SyncChanged(status) => self.sync = Some(status),
            Event::FilesChanged(status) => self.files = Some(status),
            Event::SyncMerged(summary) if !summary.is_empty() => news.push(News::Merged(summary)),
            // An overtaken search is dropped.
            Event::Found(request, ids) if self.wanted_search == Some(request) => {
                self.found = Some(ids);
                self.wanted_search = None;
            }
            Event::Item(item) => {
                if self.item.as_ref().is_some_and(|open| open.id != item.id) {
                    self.close_item();
                }
                self.item = Some(item);
            }
            Event::Revealed { request, item, field, text } => {
                self.revealed.retain(|shown| shown.request != request);
                self.revealed.push(Revealed { request, item, field, text, at_ms: now_ms });
            }
            Event::Totp { item, field, code, next, until_ms, period_secs } if self.item.as_ref().is_some_and(|open| open.id == item) => {
                self.totp.insert(field, Totp { code, next, until_ms, period_secs });
            }
            Event::Copied { item, field, clears_ms } => {
                self.clip = Some(Clip { item, field, clears_ms });
                news.push(News::Copied);
            }
            Event::ClipboardCleared(end) => {
                self.clip = None;
                news.push(News::ClipboardEnded(end));
            }
            Event::History(request, values) => self.history = Some((request, values)),
            Event::Generated { request, text, bits } => self.generated = Some(Generated { request, text, bits }),
            Event::Bytes { request, offset, bytes, total } => {
                self.bytes.insert(request, AttachmentBytes { offset, bytes, total });
            }
            _ => {}
        }
    }

    fn change_rows(&mut self, changed: Vec<ItemRow>, gone: &[ObjectId]) {
        gone.iter().for_each(|id| self.drop_row(id));
        for row in changed {
            self.drop_row(&row.id);
            self.counts.add(&row);
            self.picks.add(&row);
            self.rows.insert(row.id, row);
        }
        self.picks.refill(&self.rows);
        self.rows_serial += 1;
    }

    fn drop_row(&mut self, id: &ObjectId) {
        if let Some(old) = self.rows.remove(id) {
            self.counts.remove(&old);
            self.picks.remove(&old);
        }
    }
}
