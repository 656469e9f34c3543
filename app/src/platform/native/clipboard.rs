//! The clipboard, on a thread of its own: on X11 its owner has to serve what it put there, and any call may wait for another program.

use std::{
    io,
    sync::{
        Mutex,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use arboard::Clipboard;
use vault_engine::event::ClipboardEnd;
use vault_model::SecretText;

use super::os::SetSecret as _;

/// What the thread is asked to do.
enum Order {
    Put(SecretText),
    Clear(Box<dyn FnOnce(ClipboardEnd) + Send>),
    PutPublic(String),
}

/// The clipboard's thread. Dropped, it clears what is still ours.
pub(crate) struct ClipboardThread {
    orders: Option<Sender<Order>>,
    ended: Mutex<mpsc::Receiver<()>>,
}

impl ClipboardThread {
    /// Starts it. The clipboard itself is opened when it is first needed.
    pub(crate) fn start() -> io::Result<Self> {
        let (orders, ordered) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
            let mut holder = Holder::default();
            for order in ordered {
                match order {
                    Order::Put(text) => holder.put(text),
                    Order::Clear(answer) => answer(holder.clear()),
                    Order::PutPublic(text) => holder.put_public(text),
                }
            }
            holder.clear();
            drop(end);
        })?;
        Ok(Self { orders: Some(orders), ended: Mutex::new(ended) })
    }

    /// Puts a secret there, marked as one and kept out of histories where the platform can.
    pub(crate) fn put(&self, text: SecretText) {
        self.order(Order::Put(text));
    }

    /// Puts something there that is not secret and stays.
    pub(crate) fn put_public(&self, text: String) {
        self.order(Order::PutPublic(text));
    }

    /// Clears it if it still holds our secret.
    pub(crate) fn clear(&self, answer: impl FnOnce(ClipboardEnd) + Send + 'static) {
        self.order(Order::Clear(Box::new(answer)));
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // Fails only if the thread has panicked: then there is no clipboard any more.
            orders.send(order).ok();
        }
    }
}

impl Drop for ClipboardThread {
    fn drop(&mut self) {
        self.orders = None;
        // Ends by disconnection as soon as the thread is done; a display that hangs does not hold the exit up.
        if let Ok(ended) = self.ended.get_mut() {
            ended.recv_timeout(Duration::from_secs(2)).ok();
        }
    }
}

/// The open clipboard, and our secret on it.
#[derive(Default)]
struct Holder {
    clipboard: Option<Clipboard>,
    ours: Option<SecretText>,
}

impl Holder {
    fn open(&mut self) -> Result<&mut Clipboard, arboard::Error> {
        match &mut self.clipboard {
            Some(clipboard) => Ok(clipboard),
            slot => Ok(slot.insert(Clipboard::new()?)),
        }
    }

    fn put(&mut self, text: SecretText) {
        let copy = text.expose().to_owned();
        // The engine asks for no answer; the later clearing then says that nothing of ours is there.
        self.ours = self.open().and_then(|clipboard| clipboard.set().exclude_from_history().text(copy)).is_ok().then_some(text);
    }

    fn put_public(&mut self, text: String) {
        self.ours = None;
        // As above: the person sees that pasting gives something else.
        self.open().and_then(|clipboard| clipboard.set_text(text)).ok();
    }

    fn clear(&mut self) -> ClipboardEnd {
        let (Some(ours), Ok(clipboard)) = (self.ours.take(), self.open()) else { return ClipboardEnd::Replaced };
        match clipboard.get_text().map(SecretText::new) {
            Ok(found) if found.expose() == ours.expose() => match clipboard.clear() {
                Ok(()) => ClipboardEnd::Cleared,
                Err(_) => ClipboardEnd::Refused,
            },
            Ok(_) | Err(arboard::Error::ContentNotAvailable) => ClipboardEnd::Replaced,
            Err(_) => ClipboardEnd::Refused,
        }
    }
}
