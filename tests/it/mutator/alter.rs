//! The ways in which a reply is altered.

use std::{cell::RefCell, rc::Rc};

use vault_engine::sync::NetFailure;
use vault_protocol::api::{Call, HttpReply, HttpRequest, Pull, ReadControl, Route};
use vault_testkit::{Network, Rng};

use crate::canary;

/// Replies that are kept for later.
const MAX_KEPT: usize = 400;
/// Status codes that a client may meet.
const STATUSES: [u16; 12] = [200, 204, 206, 302, 400, 401, 402, 404, 409, 429, 500, 507];

/// A reply, and to what.
pub(super) type Kept = (Route, HttpReply);

/// An honest server behind who alters what it says.
pub(super) struct Alterer {
    pub(super) inner: Rc<RefCell<dyn Network>>,
    rng: Rng,
    /// One of so many replies is altered; 0 = none.
    pub(super) one_in: usize,
    /// What it said before.
    old: Vec<Kept>,
    /// What another server said of another vault.
    foreign: Rc<Vec<Kept>>,
    pub(super) n_altered: u64,
}

impl Alterer {
    pub(super) fn new(inner: Rc<RefCell<dyn Network>>, seed: u64, foreign: Rc<Vec<Kept>>) -> Self {
        Self { inner, rng: Rng::new(seed), one_in: 0, old: Vec::new(), foreign, n_altered: 0 }
    }

    /// All that was said so far.
    pub(super) fn into_kept(self) -> Vec<Kept> {
        self.old
    }

    fn pick(&mut self, from: &[Kept], route: Option<Route>) -> Option<HttpReply> {
        let fitting: Vec<&Kept> = from.iter().filter(|(of, _)| route.is_none_or(|route| *of == route)).collect();
        (!fitting.is_empty()).then(|| fitting[self.rng.below(fitting.len())].1.clone())
    }

    /// The reply as it arrives; `None`: it does not.
    fn alter(&mut self, route: Route, mut reply: HttpReply) -> Option<HttpReply> {
        let len = reply.body.len();
        match self.rng.below(16) {
            0 | 1 if len > 0 => {
                for _ in 0..=self.rng.below(3) {
                    let at = self.rng.below(len);
                    reply.body[at] ^= 1 << self.rng.below(8);
                }
            }
            2 => {
                let at = self.rng.below(len);
                reply.body.truncate(at);
            }
            3 => {
                let piece = self.piece(&reply.body);
                let at = self.rng.below(len + 1);
                reply.body.splice(at..at, piece);
            }
            4 if len > 8 => {
                // Two pieces of one length change places.
                let n = 1 + self.rng.below((len / 2).min(64));
                let (a, b) = (self.rng.below(len - n), self.rng.below(len - n));
                (0..n).for_each(|offset| reply.body.swap(a + offset, b + offset));
            }
            5 => {
                let (a, b) = (self.rng.below(len + 1), self.rng.below(len + 1));
                reply.body[a.min(b)..a.max(b)].fill(0);
            }
            6 => {
                let old = std::mem::take(&mut self.old);
                let picked = self.pick(&old, Some(route));
                self.old = old;
                reply = picked.unwrap_or(reply);
            }
            7 => {
                let old = std::mem::take(&mut self.old);
                let picked = self.pick(&old, None);
                self.old = old;
                reply = picked.unwrap_or(reply);
            }
            8 | 9 => {
                let foreign = Rc::clone(&self.foreign);
                let route = if self.rng.one_in(4) { None } else { Some(route) };
                reply = self.pick(&foreign, route).unwrap_or(reply);
            }
            10 => reply.status = STATUSES[self.rng.below(STATUSES.len())],
            11 => {
                reply.body =
                    [&b"null"[..], b"{}", b"[]", b"", b"\0", b"{\"code\":\"not_registered\",\"message\":\"\"}"][self.rng.below(6)].to_vec()
            }
            12 => self.change_digit(&mut reply.body),
            13 | 14 => self.alter_parts(route, &mut reply),
            _ => return None,
        }
        Some(reply)
    }

    fn piece(&mut self, body: &[u8]) -> Vec<u8> {
        let (a, b) = (self.rng.below(body.len() + 1), self.rng.below(body.len() + 1));
        body[a.min(b)..a.max(b)].to_vec()
    }

    /// A number or an id in JSON becomes another one.
    fn change_digit(&mut self, body: &mut [u8]) {
        let digits: Vec<usize> = (0..body.len()).filter(|at| body[*at].is_ascii_hexdigit()).collect();
        if !digits.is_empty() {
            let at = digits[self.rng.below(digits.len())];
            body[at] = b"0123456789abcdef"[self.rng.below(16)];
        }
    }

    /// What is well-formed and false: frames left out, repeated, exchanged, taken from another vault; other heads and counts.
    fn alter_parts(&mut self, route: Route, reply: &mut HttpReply) {
        let foreign = Rc::clone(&self.foreign);
        match route {
            Route::Pull => {
                let Ok(mut pulled) = Pull::reply_from_http(reply) else { return };
                let other = self.pick(&foreign, Some(route)).and_then(|reply| Pull::reply_from_http(&reply).ok());
                self.alter_frames(&mut pulled.entries, other.as_ref().map(|other| other.entries.as_slice()).unwrap_or_default());
                match (self.rng.below(8), other) {
                    (0, Some(other)) => pulled.position = other.position,
                    (1, Some(other)) => pulled.differing = other.differing,
                    (2, _) => pulled.more = !pulled.more,
                    (3, _) => pulled.differing.0.values_mut().for_each(|head| head.seq += 1),
                    (4, _) => pulled.differing.0.values_mut().for_each(|head| head.hash.0[0] ^= 1),
                    _ => {}
                }
                *reply = Pull::reply_to_http(&pulled);
            }
            Route::ReadControl => {
                let Ok(mut page) = ReadControl::reply_from_http(reply) else { return };
                let other = self.pick(&foreign, Some(route)).and_then(|reply| ReadControl::reply_from_http(&reply).ok());
                self.alter_frames(&mut page.entries, other.as_ref().map(|other| other.entries.as_slice()).unwrap_or_default());
                match (self.rng.below(4), other) {
                    (0, Some(other)) => page.heads = other.heads,
                    (1, _) => page.n_control += self.rng.below(3) as u64,
                    _ => {}
                }
                *reply = ReadControl::reply_to_http(&page);
            }
            _ => self.change_digit(&mut reply.body),
        }
    }

    fn alter_frames(&mut self, frames: &mut Vec<Vec<u8>>, foreign: &[Vec<u8>]) {
        let n_frames = frames.len();
        if n_frames == 0 {
            return;
        }
        let (a, b) = (self.rng.below(n_frames), self.rng.below(n_frames));
        match self.rng.below(6) {
            0 => drop(frames.remove(a)),
            1 => frames.swap(a, b),
            2 => frames.push(frames[a].clone()),
            3 if !foreign.is_empty() => frames[a] = foreign[self.rng.below(foreign.len())].clone(),
            4 => {
                // The beginning of one with the end of another.
                let at = self.rng.below(frames[a].len().min(frames[b].len()));
                let end = frames[b][at..].to_vec();
                frames[a].truncate(at);
                frames[a].extend(end);
            }
            _ => {
                let at = self.rng.below(frames[a].len());
                frames[a][at] ^= 1 << self.rng.below(8);
            }
        }
    }
}

impl Network for Alterer {
    fn carry(&mut self, from: u64, server: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        assert_eq!(canary::everyday().find(&canary::outbound(server, &request)), None, "in a request");
        let route = Route::find(request.method, &request.path).map(|target| target.route).expect("a route");
        let reply = self.inner.borrow_mut().carry(from, server, request, now_ms)?;
        if self.old.len() < MAX_KEPT {
            self.old.push((route, reply.clone()));
        }
        if self.one_in == 0 || !self.rng.one_in(self.one_in) {
            return Ok(reply);
        }
        self.n_altered += 1;
        self.alter(route, reply).ok_or(NetFailure::Broken)
    }
}
