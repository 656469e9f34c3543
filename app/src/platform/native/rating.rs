//! How strong a password is, judged in a thread of its own: a long one takes longer than a frame may.

use std::thread;

use vault_engine::RequestId;
use vault_model::strength::RatingRequest;
use vault_ui::outbox::ShellEvent;

use crate::shell::Mailbox;

/// Rates it and tells the window. A form asks one question at a time, so there are never many of these.
pub(super) fn rate(request: RequestId, what: RatingRequest, mailbox: &Mailbox) {
    let back = mailbox.clone();
    let started = thread::Builder::new().name("rating".to_owned()).spawn(move || {
        back.tell(ShellEvent::Rated { request, strength: Some(what.answer()) });
    });
    if started.is_err() {
        mailbox.tell(ShellEvent::Rated { request, strength: None });
    }
}
