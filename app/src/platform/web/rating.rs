//! How strong a password is, judged in the worker without keys: the page starts without the words and rules that this takes.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use js_sys::Uint8Array;
use vault_engine::RequestId;
use vault_model::strength::RatingRequest;
use vault_ui::outbox::ShellEvent;
use wasm_bindgen::JsCast as _;
use zeroize::Zeroizing;

use super::{js, workers::Child};
use crate::shell::Mailbox;

/// The worker, started with the first question, and the questions that it has not answered yet.
#[derive(Default)]
pub(super) struct Rater {
    child: Option<Child>,
    waiting: Rc<RefCell<VecDeque<RequestId>>>,
}

impl Rater {
    /// Asks; the window is told.
    pub(super) fn rate(&mut self, request: RequestId, what: &RatingRequest, mailbox: &Mailbox) {
        self.waiting.borrow_mut().push_back(request);
        if self.ask(what, mailbox).is_none() {
            self.child = None;
            give_up(&self.waiting, mailbox);
        }
    }

    fn ask(&mut self, what: &RatingRequest, mailbox: &Mailbox) -> Option<()> {
        let wire = js::give(Zeroizing::new(postcard::to_allocvec(what).ok()?));
        if self.child.is_none() {
            let (waiting, mailbox) = (self.waiting.clone(), mailbox.clone());
            let child = Child::start_aside(move |message| {
                let Some(message) = message else { return give_up(&waiting, &mailbox) };
                let Some(request) = waiting.borrow_mut().pop_front() else { return };
                let reply = js::property(&message, "reply").dyn_into::<Uint8Array>().ok();
                let strength = reply.and_then(|reply| postcard::from_bytes(&js::take(&reply)).ok());
                mailbox.tell(ShellEvent::Rated { request, strength });
            });
            self.child = Some(child.ok()?);
        }
        self.child.as_ref()?.post(&js::object(&[("rate", &wire)]), &[wire.buffer().into()]).ok()
    }
}

/// Nobody will answer.
fn give_up(waiting: &RefCell<VecDeque<RequestId>>, mailbox: &Mailbox) {
    for request in waiting.take() {
        mailbox.tell(ShellEvent::Rated { request, strength: None });
    }
}
