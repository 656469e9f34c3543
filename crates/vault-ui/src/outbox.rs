//! What a frame wants done: commands for the engine, requests to the shell, moves within the window. Nothing happens before the frame ends.

use vault_engine::{Command, RequestId, SinkId, SourceId, command::Scope};
use vault_model::{
    AttachmentId,
    strength::{RatingRequest, Strength},
};
use vault_protocol::ObjectId;

use crate::{
    actions::Action,
    platform::{Platform, Storage},
    settings::DeviceSettings,
    widgets::toast::Toast,
};

/// What a picked file or chosen place is for. The shell only hands it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileUse {
    /// Files to attach to an item.
    Attach(ObjectId),
    /// An attachment to be written out.
    Extract(ObjectId, AttachmentId),
    /// A backup to restore.
    RestoreBackup,
    /// A backup to test.
    TestBackup,
    /// A place for a new backup.
    WriteBackup,
    /// A recovery kit that unlocks.
    UnlockKit,
    /// A recovery kit that goes with a backup.
    RestoreKit,
    /// A recovery kit to be checked.
    CheckKit,
    /// A place for a new kit.
    WriteKit,
    /// A recovery kit that brings a vault here from a server.
    JoinKit,
    /// A recovery kit that lets a server delete its copy.
    DeleteKit,
    /// A recovery kit that settles a mutual removal.
    SettleKit,
    /// A recovery kit that gives this device its place again.
    PlaceKit,
}

/// A request to the shell. Answered by a [`ShellEvent`] where one is named.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Opens the system's dialog. Answer: [`ShellEvent::FilesPicked`], also when cancelled (then without files).
    PickFiles {
        /// What for.
        purpose: FileUse,
        /// Whether several may be picked.
        several: bool,
    },
    /// Opens the system's dialog. Answer: [`ShellEvent::SinkChosen`].
    SaveAs {
        /// Proposed file name.
        name: String,
        /// What for.
        purpose: FileUse,
    },
    /// Opens an address that was just clicked.
    OpenUrl(String),
    /// Puts a value that is not secret on the clipboard.
    CopyPublic(String),
    /// Decode the picture whose bytes the engine sends for this request, in a process without keys. The shell takes a copy of the bytes as
    /// the answer passes. Answer: [`ShellEvent::Picture`].
    DecodePicture(RequestId),
    /// Keep these settings.
    KeepSettings(Box<DeviceSettings>),
    /// Ends the program; the engine locks first.
    Quit,
    /// Brings the window to the front.
    Focus,
    /// Browser: asks it to keep what it holds (`navigator.storage.persist()`). Answer: [`ShellEvent::Storage`].
    PersistStorage,
    /// Browser: lets the person choose a real file, writes a backup to it and does so again after changes. Sent from a click, as the
    /// browser demands. Answer: [`ShellEvent::Storage`], also when cancelled.
    ChooseStandingBackup,
    /// Browser: asks for the permission that a chosen standing backup needs again. Sent from a click. Answer: [`ShellEvent::Storage`].
    ResumeStandingBackup,
    /// Browser: forgets the standing backup; the file itself stays. Answer: [`ShellEvent::Storage`].
    StopStandingBackup,
    /// Browser: makes this tab the one that holds the vaults. The tab that has them locks first. Answer:
    /// [`ShellEvent::HereAgain`], or [`ShellEvent::OpenElsewhere`] again if they could not be had.
    TakeOver,
    /// Browser: starts the version that waits. The vault is locked by then.
    Reload,
}

/// A file that the shell has registered for reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickedFile {
    /// To be named in commands.
    pub source: SourceId,
    /// Name without path.
    pub name: String,
    /// Length in bytes.
    pub len_bytes: u64,
    /// Media type, empty if unknown.
    pub media_type: String,
}

/// A decoded picture. Its pixels are wiped when it is dropped.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// Width and height in pixels.
    pub size: [usize; 2],
    /// Red, green, blue, alpha (not premultiplied), row by row: 4 × width × height bytes.
    pub rgba: zeroize::Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} × {})", self.size[0], self.size[1])
    }
}

/// News from the shell.
#[derive(Clone, Debug, PartialEq)]
pub enum ShellEvent {
    /// Answer to [`Ask::PickFiles`].
    FilesPicked {
        /// What for.
        purpose: FileUse,
        /// None if the dialog was cancelled.
        files: Vec<PickedFile>,
    },
    /// Answer to [`Ask::SaveAs`].
    SinkChosen {
        /// What for.
        purpose: FileUse,
        /// `None` if the dialog was cancelled.
        sink: Option<SinkId>,
        /// Where, for display.
        place: String,
    },
    /// Answer to [`Ask::DecodePicture`].
    Picture {
        /// The request that read the bytes.
        request: RequestId,
        /// `None` if it could not be decoded.
        picture: Option<Picture>,
    },
    /// Answer to [`Wish::Rate`].
    Rated {
        /// Which.
        request: RequestId,
        /// `None` if nobody could say.
        strength: Option<Strength>,
    },
    /// Files were dropped on the window.
    FilesDropped(Vec<PickedFile>),
    /// The person has left: an open vault is locked, and the lock screen says why.
    Left(Leaving),
    /// The window was minimised, or the tab hidden.
    Minimised,
    /// The window or tab shows again.
    Shown,
    /// The window lost the focus: revealed secrets hide.
    FocusLost,
    /// Whether Caps Lock is on; `None` if the platform does not say.
    CapsLock(Option<bool>),
    /// The system's language, as a BCP 47 tag.
    SystemLanguage(String),
    /// Where the window runs. Before the first frame, and again if it changes (touch, installed).
    Platform(Platform),
    /// How safe what the browser keeps is: at the start, after each change and when asked for.
    Storage(Storage),
    /// Another tab holds the vaults: nothing can be opened here. There is no engine behind this tab.
    OpenElsewhere,
    /// This tab holds the vaults. After [`Self::OpenElsewhere`] or [`Self::TakenOver`] the window begins anew.
    HereAgain,
    /// Another tab has taken the vaults over: all that was known here is dropped at once.
    TakenOver,
    /// The sync server that whoever runs this page offers: its origin.
    ServerOffered(String),
    /// A newer version waits for a reload.
    UpdateReady,
    /// The address was changed by the person (back, forward, typed, a bookmark): the hash, with or without `#`. See [`crate::routes`].
    /// Before a vault is open it is remembered until one is.
    Route(String),
    /// Something the shell tried did not work; shown as it stands in the log, the person gets a sentence.
    Failed(ShellFailure),
}

/// How the person left the vault, or was made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// The computer goes to sleep.
    Suspended,
    /// The screen was locked.
    ScreenLocked,
    /// The computer was switched to another user.
    UserSwitched,
    /// Another tab takes the vaults over.
    OtherTab,
    /// The window was minimised, or the tab was out of sight for too long.
    Hidden,
}

/// What the shell could not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellFailure {
    /// Read a picked file.
    ReadFile,
    /// Open the chosen place for writing.
    WriteFile,
    /// Open an address.
    OpenUrl,
    /// Reach the clipboard.
    Clipboard,
}

/// A page of the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum SettingsPage {
    /// Theme, contrast, zoom, density, language.
    #[default]
    Appearance,
    /// Password, kit, locking, clipboard.
    Security,
    /// Backup and restore.
    Backup,
    /// The server that keeps devices equal.
    Sync,
    /// Name, devices, check, delete.
    Vault,
    /// Shortcuts.
    Shortcuts,
    /// Version and licences.
    About,
}

impl SettingsPage {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] = [Self::Appearance, Self::Security, Self::Backup, Self::Sync, Self::Vault, Self::Shortcuts, Self::About];
}

/// A move within the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Go {
    /// The dashboard: nothing selected.
    Overview,
    /// Nothing selected; with one pane, the list.
    Unselect,
    /// The list looks there.
    List(Scope),
    /// An item, read mode.
    Item(ObjectId),
    /// The editor for an item that exists.
    Edit(ObjectId),
    /// The editor for a new item of a kind (template slug).
    New(String),
    /// Out of the editor, to the item or the overview.
    LeaveEditor,
    /// The past of an item.
    History(ObjectId),
    /// An attachment in the detail pane.
    Preview(ObjectId, AttachmentId),
    /// The generator.
    Generator,
    /// The settings.
    Settings(SettingsPage),
    /// The dialog that sets or changes the master password.
    SetPassword,
    /// The dialog that ends what stopped sync: two devices decided apart.
    JoinApart,
    /// The dialog that makes a backup.
    BackUp,
    /// The dialog that saves the recovery kit.
    SaveKit,
    /// Back to where one came from.
    Back,
}

/// One thing wanted.
pub enum Wish {
    /// For the engine.
    Send(RequestId, Command),
    /// For the shell.
    Ask(Ask),
    /// For the shell: how strong a text is, judged where nothing waits for it. Answer: [`ShellEvent::Rated`].
    Rate(RequestId, RatingRequest),
}

/// Collects what a frame wants done.
#[derive(Default)]
pub struct Outbox {
    last_request: u64,
    wishes: Vec<Wish>,
    moves: Vec<Go>,
    actions: Vec<Action>,
    toasts: Vec<Toast>,
    forgotten: Vec<RequestId>,
    settings: Option<DeviceSettings>,
}

impl Outbox {
    /// Sends a command to the engine; its answers carry the id.
    pub fn send(&mut self, command: Command) -> RequestId {
        self.last_request += 1;
        let request = RequestId(self.last_request);
        self.wishes.push(Wish::Send(request, command));
        request
    }

    /// Asks the shell.
    pub fn ask(&mut self, ask: Ask) {
        self.wishes.push(Wish::Ask(ask));
    }

    /// Has a text rated.
    pub(crate) fn rate(&mut self, what: RatingRequest) -> RequestId {
        self.last_request += 1;
        let request = RequestId(self.last_request);
        self.wishes.push(Wish::Rate(request, what));
        request
    }

    /// Moves within the window at the end of the frame.
    pub fn go(&mut self, to: Go) {
        self.moves.push(to);
    }

    /// Does what a shortcut would do, at the end of the frame.
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Shows a toast.
    pub fn toast(&mut self, toast: Toast) {
        self.toasts.push(toast);
    }

    /// Drops what a request brought: hides a revealed secret, wipes bytes or a generated text.
    pub fn forget(&mut self, request: RequestId) {
        self.forgotten.push(request);
    }

    /// Changes the settings of this device: applied and kept at the end of the frame.
    pub fn change_settings(&mut self, settings: DeviceSettings) {
        self.settings = Some(settings);
    }

    /// Everything for engine and shell, in order.
    pub fn take(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// Drops what waits but changed settings, when there is no engine behind this window any more.
    pub(crate) fn drop_all(&mut self) {
        let kept = std::mem::take(&mut self.wishes).into_iter().filter(|wish| matches!(wish, Wish::Ask(Ask::KeepSettings(_))));
        *self = Self { last_request: self.last_request, wishes: kept.collect(), ..Self::default() };
    }

    /// What waits for engine and shell, for tests.
    pub fn wishes(&self) -> &[Wish] {
        &self.wishes
    }

    pub(crate) fn take_moves(&mut self) -> Vec<Go> {
        std::mem::take(&mut self.moves)
    }

    pub(crate) fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    pub(crate) fn take_toasts(&mut self) -> Vec<Toast> {
        std::mem::take(&mut self.toasts)
    }

    pub(crate) fn take_forgotten(&mut self) -> Vec<RequestId> {
        std::mem::take(&mut self.forgotten)
    }

    pub(crate) fn take_settings(&mut self) -> Option<DeviceSettings> {
        self.settings.take()
    }
}
