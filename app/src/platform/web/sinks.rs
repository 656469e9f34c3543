//! Files that the engine reads and writes on the person's behalf, on the worker's side.
//!
//! A place to write to is either a file of the File System Access API or a port: at its other end the page or the service worker asks for
//! piece after piece of a download. Both answer between turns only, so pieces wait here, and the loop of the worker waits while they do.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, VecDeque},
    io,
    rc::Rc,
};

use js_sys::{Array, Uint8Array};
use vault_engine::{
    SinkId, SourceId,
    effect::{Finish, Sink, Source},
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{File, FileSystemFileHandle, FileSystemWritableFileStream, MessageEvent, MessagePort};
use zeroize::Zeroizing;

use super::{blobs::Ahead, js};

/// Files to read that are kept registered, the newest: each is a reference, not its bytes.
const MAX_SOURCES: usize = 1024;
/// Pieces that may wait at a port before the engine does.
const MAX_WAITING: usize = 4;
/// A small piece is held back until it has this many bytes: each one costs a message.
const PIECE_BYTES: usize = 256 * 1024;

/// What the page has registered and the engine has not taken yet, and what is being written.
#[derive(Clone, Default)]
pub(super) struct Registered(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    sources: BTreeMap<SourceId, File>,
    sinks: HashMap<SinkId, JsValue>,
    open: Vec<Rc<RefCell<Pipe>>>,
}

impl Registered {
    pub(super) fn put_source(&self, id: SourceId, file: File) {
        let sources = &mut self.0.borrow_mut().sources;
        sources.insert(id, file);
        if sources.len() > MAX_SOURCES {
            sources.pop_first();
        }
    }

    /// `place`: a file handle or a port.
    pub(super) fn put_sink(&self, id: SinkId, place: JsValue) {
        self.0.borrow_mut().sinks.insert(id, place);
    }

    pub(super) fn take_source(&self, id: SourceId) -> Option<Box<dyn Source>> {
        // Left registered: a backup is looked at first and restored then.
        let file = self.0.borrow().sources.get(&id)?.clone();
        Some(Box::new(FileSource(Ahead::new(file).ok()?)))
    }

    pub(super) fn take_sink(&self, id: SinkId) -> Option<Box<dyn Sink>> {
        let place = self.0.borrow_mut().sinks.remove(&id)?;
        let pipe = Rc::new(RefCell::new(Pipe::default()));
        match place.dyn_into::<MessagePort>() {
            Ok(port) => serve_port(port, &pipe),
            Err(place) => wasm_bindgen_futures::spawn_local(write_file(place.unchecked_into(), pipe.clone())),
        }
        self.0.borrow_mut().open.push(pipe.clone());
        Some(Box::new(PipeSink { pipe, piece: Zeroizing::default() }))
    }

    /// Whether so much waits to be written that the engine should not go on.
    pub(super) fn is_congested(&self) -> bool {
        let mut inner = self.0.borrow_mut();
        inner.open.retain(|pipe| Rc::strong_count(pipe) > 1 && !pipe.borrow().is_over());
        inner.open.iter().any(|pipe| pipe.borrow().is_congested())
    }
}

struct FileSource(Ahead);

impl Source for FileSource {
    fn len_bytes(&self) -> u64 {
        self.0.len_bytes()
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read_at(offset, out)
    }
}

/// Between the engine, which puts pieces in, and what carries them away.
#[derive(Default)]
struct Pipe {
    waiting: VecDeque<Zeroizing<Vec<u8>>>,
    end: End,
    /// Closed or failed at the far end.
    outcome: Option<Result<(), io::ErrorKind>>,
    /// Wakes the far end; `None` while it does not wait.
    wake: Option<Box<dyn FnOnce()>>,
}

/// What the engine has said about the end.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    Finished,
    GivenUp,
}

impl Pipe {
    fn is_over(&self) -> bool {
        self.outcome.is_some()
    }

    /// Too many pieces wait, or the last ones while the engine waits for the end.
    fn is_congested(&self) -> bool {
        self.outcome.is_none() && (self.waiting.len() >= MAX_WAITING || self.end == End::Finished)
    }
}

fn wake(pipe: &Rc<RefCell<Pipe>>) {
    let wake = pipe.borrow_mut().wake.take();
    if let Some(wake) = wake {
        wake();
    }
}

struct PipeSink {
    pipe: Rc<RefCell<Pipe>>,
    piece: Zeroizing<Vec<u8>>,
}

impl PipeSink {
    fn hand_on(&mut self) {
        if !self.piece.is_empty() {
            self.pipe.borrow_mut().waiting.push_back(std::mem::take(&mut self.piece));
            wake(&self.pipe);
        }
    }
}

impl Sink for PipeSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(Err(kind)) = self.pipe.borrow().outcome {
            return Err(kind.into());
        }
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.hand_on();
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<Finish> {
        self.hand_on();
        self.pipe.borrow_mut().end = End::Finished;
        wake(&self.pipe);
        match self.pipe.borrow().outcome {
            None => Ok(Finish::Pending),
            Some(Ok(())) => Ok(Finish::Done),
            Some(Err(kind)) => Err(kind.into()),
        }
    }
}

impl Drop for PipeSink {
    fn drop(&mut self) {
        let mut pipe = self.pipe.borrow_mut();
        if pipe.end == End::Open {
            pipe.end = End::GivenUp;
            pipe.waiting.clear();
            drop(pipe);
            wake(&self.pipe);
        }
    }
}

/// Carries pieces into a file. The browser shows nothing of it before it is closed.
async fn write_file(place: FileSystemFileHandle, pipe: Rc<RefCell<Pipe>>) {
    let outcome = match carry(&place, &pipe).await {
        Ok(()) => Ok(()),
        Err(error) => Err(js::io_error(&error).kind()),
    };
    let mut pipe = pipe.borrow_mut();
    pipe.waiting.clear();
    pipe.outcome = Some(outcome);
}

async fn carry(place: &FileSystemFileHandle, pipe: &Rc<RefCell<Pipe>>) -> Result<(), JsValue> {
    let stream: FileSystemWritableFileStream = js::settled(Ok(place.create_writable())).await?.dyn_into()?;
    loop {
        let piece = pipe.borrow_mut().waiting.pop_front();
        if let Some(piece) = piece {
            let array = js::give(piece);
            js::settled(stream.write_with_buffer_source(&array)).await?;
            array.fill(0, 0, array.length());
            continue;
        }
        let end = pipe.borrow().end;
        match end {
            End::Open => {
                let promise = js_sys::Promise::new(&mut |resolve, _| {
                    pipe.borrow_mut().wake = Some(Box::new(move || drop(resolve.call0(&JsValue::NULL))));
                });
                js::settled(Ok(promise)).await?;
            }
            End::Finished => return js::call(&stream, "close", &[]).await.map(drop),
            End::GivenUp => {
                // What was written so far goes with it.
                js::call(&stream, "abort", &[]).await.ok();
                return Ok(());
            }
        }
    }
}

/// Answers each "pull" of the far end with a piece, `null` at the end, or an error.
fn serve_port(port: MessagePort, pipe: &Rc<RefCell<Pipe>>) {
    let (pipe, own) = (pipe.clone(), port.clone());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().as_deref() == Some("pull") {
            answer_pull(&own, &pipe);
        } else {
            // The person has cancelled the download in the browser.
            pipe.borrow_mut().outcome = Some(Err(io::ErrorKind::Interrupted));
            own.close();
        }
    });
    // Freed with the port.
    port.set_onmessage(Some(&js::for_ever(on_message)));
}

fn answer_pull(port: &MessagePort, pipe: &Rc<RefCell<Pipe>>) {
    let mut inner = pipe.borrow_mut();
    if let Some(piece) = inner.waiting.pop_front() {
        let array: Uint8Array = js::give(piece);
        if port.post_message_with_transferable(&array, &Array::of1(&array.buffer())).is_err() {
            inner.outcome = Some(Err(io::ErrorKind::Other));
        }
        return;
    }
    match inner.end {
        End::Open => {
            let (port, pipe) = (port.clone(), pipe.clone());
            inner.wake = Some(Box::new(move || answer_pull(&port, &pipe)));
        }
        End::Finished => {
            let sent = port.post_message(&JsValue::NULL).is_ok();
            inner.outcome = Some(if sent { Ok(()) } else { Err(io::ErrorKind::Other) });
        }
        End::GivenUp => {
            port.post_message(&JsValue::from_str("error")).ok();
            inner.outcome = Some(Err(io::ErrorKind::Interrupted));
        }
    }
}
