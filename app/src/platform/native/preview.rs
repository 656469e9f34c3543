//! Previews in a process of their own: this program with `--preview`, a pipe in, a pipe out, and limits on memory and time.
//!
//! The child has no keys, no arguments that say anything, an empty environment, and dies with its pipes.

use std::{
    io::{self, Read, Write},
    process::{Child, Command, ExitCode, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use vault_engine::RequestId;
use vault_preview::{
    Preview,
    wire::{ReplyError, Request, parse_reply},
};
use vault_ui::outbox::ShellEvent;
use zeroize::Zeroizing;

use crate::{platform::pictures, shell::Mailbox};

/// The argument that makes this program the child.
pub(crate) const ARGUMENT: &str = "--preview";
/// Address space of the child: 256 MiB of input twice (pipe and buffer), 300 MiB of pixels, the program itself.
const MAX_MEMORY_BYTES: u64 = 1536 << 20;
/// Processor time of the child; [`PATIENCE`] is what the person waits.
const MAX_CPU_SECS: u64 = 8;
/// How long the parent waits before it ends the child.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a child is given at most.
const MAX_INPUT_BYTES: u64 = 257 << 20;
/// What is read of a reply at most: 4096 × 4096 pixels and its head.
const MAX_REPLY_BYTES: u64 = (64 << 20) + 64;

/// Renders in a child process. Blocks up to [`PATIENCE`]: not for the window's thread.
pub(crate) fn render(max_side_px: u32, name: &str, media_type: &str, bytes: &[u8]) -> Result<Preview, ReplyError> {
    let reply = ask(&Request { max_side_px, name, media_type, bytes }).map_err(|_| ReplyError::Damaged)?;
    parse_reply(&reply)
}

/// Decodes a copy of `bytes` and tells the window; one that is no picture, or takes too long, comes back as none.
pub(super) fn decode(request: RequestId, bytes: &[u8], mailbox: &Mailbox) {
    let (copy, back) = (Zeroizing::new(bytes.to_vec()), mailbox.clone());
    let max_side_px = pictures::max_side_px(&mailbox.ctx);
    let started = thread::Builder::new().name("picture".to_owned()).spawn(move || {
        let picture = render(max_side_px, "", "", &copy).ok().and_then(pictures::picture);
        back.tell(ShellEvent::Picture { request, picture });
    });
    if started.is_err() {
        mailbox.tell(ShellEvent::Picture { request, picture: None });
    }
}

fn ask(request: &Request<'_>) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg(ARGUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (mut stdin, stdout) = match (child.stdin.take(), child.stdout.take()) {
        (Some(stdin), Some(stdout)) => (stdin, stdout),
        _ => return Err(io::ErrorKind::BrokenPipe.into()),
    };
    let (answer, answered) = mpsc::channel();
    thread::Builder::new().name("preview".to_owned()).spawn(move || {
        let mut reply = Zeroizing::new(Vec::new());
        let read = stdout.take(MAX_REPLY_BYTES + 1).read_to_end(&mut reply);
        // The parent may have lost its patience.
        answer.send(read.map(|_| reply)).ok();
    })?;
    let guard = Ended(child, answered);
    // A child that refuses the rest of its input has already answered.
    let written = stdin.write_all(&request.head()).and_then(|()| stdin.write_all(request.bytes));
    drop(stdin);
    let reply = guard.1.recv_timeout(PATIENCE).map_err(|_| io::ErrorKind::TimedOut)??;
    if reply.is_empty() { written.and(Err(io::ErrorKind::UnexpectedEof.into())) } else { Ok(reply) }
}

/// A child that is ended, whatever it is doing, when nobody waits for it any more.
struct Ended(Child, mpsc::Receiver<io::Result<Zeroizing<Vec<u8>>>>);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The child: limits first, then one request from standard input, one reply to standard output.
pub(crate) fn serve() -> ExitCode {
    // Where the system has no such limits, the parent's patience and the decoders' own ceilings remain.
    vault_hygiene::limit_memory(MAX_MEMORY_BYTES).ok();
    vault_hygiene::limit_cpu_secs(MAX_CPU_SECS).ok();
    match answer_one() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer_one() -> io::Result<()> {
    let mut wire = Zeroizing::new(Vec::new());
    io::stdin().lock().take(MAX_INPUT_BYTES).read_to_end(&mut wire)?;
    let request = Request::parse(&wire).ok_or(io::ErrorKind::InvalidData)?;
    io::stdout().lock().write_all(&Zeroizing::new(request.answer()))
}
