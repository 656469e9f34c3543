//! What the window asks of the system: dialogs, files, addresses, settings.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{self, Sender},
    thread,
};

use egui::ViewportCommand;
use vault_ui::{
    outbox::{Ask, PickedFile, ShellEvent, ShellFailure},
    settings::DeviceSettings,
};

use super::{
    dialogs,
    engine::EngineHandle,
    files::{self, Existing, Files},
    os, settings,
};
use crate::{platform::names, shell::Mailbox};

/// Does what is asked; answers come through the mailbox.
pub(super) fn carry_out(ask: Ask, engine: &EngineHandle, mailbox: &Mailbox, keeper: &SettingsKeeper) {
    match ask {
        Ask::PickFiles { purpose, several } => {
            let (files, back) = (engine.files().clone(), mailbox.clone());
            let opened = dialogs::pick_files(several, move |paths| {
                let files = picked(&paths, &files, &back);
                back.tell(ShellEvent::FilesPicked { purpose, files });
            });
            if opened.is_err() {
                mailbox.tell(ShellEvent::FilesPicked { purpose, files: Vec::new() });
            }
        }
        Ask::SaveAs { name, purpose } => {
            let (files, back) = (engine.files().clone(), mailbox.clone());
            let opened = dialogs::save_as(&name, move |path| {
                let place = path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
                // The dialog has asked before it gives the name of a file that exists.
                let sink = path.map(|path| files.add_sink(&path, Existing::Replace));
                if let Some(Err(_)) = &sink {
                    back.tell(ShellEvent::Failed(ShellFailure::WriteFile));
                }
                back.tell(ShellEvent::SinkChosen { purpose, sink: sink.and_then(Result::ok), place });
            });
            if opened.is_err() {
                mailbox.tell(ShellEvent::SinkChosen { purpose, sink: None, place: String::new() });
            }
        }
        Ask::OpenUrl(address) => {
            if open_url(&address).is_err() {
                mailbox.tell(ShellEvent::Failed(ShellFailure::OpenUrl));
            }
        }
        Ask::CopyPublic(text) => engine.clipboard().put_public(text),
        // The shell itself watches for the bytes.
        Ask::DecodePicture(_) => {}
        Ask::KeepSettings(settings) => keeper.keep(*settings),
        Ask::Quit => mailbox.ctx.send_viewport_cmd(ViewportCommand::Close),
        Ask::Focus => {
            mailbox.ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
            mailbox.ctx.send_viewport_cmd(ViewportCommand::Focus);
        }
        // Only a browser is asked these.
        Ask::PersistStorage
        | Ask::ChooseStandingBackup
        | Ask::ResumeStandingBackup
        | Ask::StopStandingBackup
        | Ask::TakeOver
        | Ask::Reload => {}
    }
}

/// Registers files on a thread of its own, because a folder may be on a slow disk, and tells the window.
pub(super) fn register(paths: Vec<PathBuf>, files: Files, mailbox: Mailbox, event: fn(Vec<PickedFile>) -> ShellEvent) {
    let back = mailbox.clone();
    let started = thread::Builder::new().name("files".to_owned()).spawn(move || {
        let registered = picked(&paths, &files, &mailbox);
        mailbox.tell(event(registered));
    });
    if started.is_err() {
        back.tell(ShellEvent::Failed(ShellFailure::ReadFile));
    }
}

/// Registers each file; one that can't be read is left out and reported.
fn picked(paths: &[PathBuf], files: &Files, mailbox: &Mailbox) -> Vec<PickedFile> {
    let mut out = Vec::new();
    for path in paths {
        match files.add_source(path) {
            Ok((source, len_bytes)) => {
                let name = name_of(path);
                let media_type = files::media_type(&name).to_owned();
                out.push(PickedFile { source, name, len_bytes, media_type });
            }
            Err(_) => mailbox.tell(ShellEvent::Failed(ShellFailure::ReadFile)),
        }
    }
    out
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Hands an address to the system's browser or mailer. Other schemes could start anything, so they are refused.
fn open_url(address: &str) -> io::Result<()> {
    if !names::is_openable(address) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let (program, arguments) = os::URL_OPENER.split_first().ok_or(io::ErrorKind::NotFound)?;
    let mut child =
        Command::new(program).args(arguments).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    // Collected when it ends, so that it does not stay as a zombie; how it ends is the browser's business.
    thread::Builder::new().name("opener".to_owned()).spawn(move || child.wait().ok())?;
    Ok(())
}

/// Writes settings in the order in which they change, off the window's thread.
pub(super) struct SettingsKeeper(Sender<DeviceSettings>);

impl SettingsKeeper {
    pub(super) fn start(data: PathBuf) -> io::Result<Self> {
        let (send, changed) = mpsc::channel::<DeviceSettings>();
        thread::Builder::new().name("settings".to_owned()).spawn(move || {
            while let Ok(mut latest) = changed.recv() {
                // While a divider is dragged, only its last place is worth a write.
                latest = changed.try_iter().last().unwrap_or(latest);
                // On a read-only medium nothing is kept, and nothing is lost but a width.
                settings::keep(&data, &latest).ok();
            }
        })?;
        Ok(Self(send))
    }

    fn keep(&self, settings: DeviceSettings) {
        // The thread lives as long as this handle.
        self.0.send(settings).ok();
    }
}
