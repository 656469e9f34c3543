//! A bad line to an honest server that may die.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use vault_engine::sync::NetFailure;
use vault_protocol::{
    VaultId,
    api::{Call, HttpReply, HttpRequest, Pull, Route, SessionToken},
};
use vault_testkit::{Network, Rng};

use crate::service::RealServer;

/// Of so many requests one meets the server's end.
const DEATHS: usize = 250;
/// Requests kept to be sent once more.
const MAX_LATE: usize = 8;

/// See the module.
pub(super) struct BadLine {
    server: Rc<RefCell<RealServer>>,
    vault: VaultId,
    rng: Rng,
    is_good: bool,
    /// Devices that reach nobody.
    cut_off: BTreeSet<u64>,
    /// Requests that a server that has died still leaves unanswered.
    n_down: u32,
    late: Vec<HttpRequest>,
}

impl BadLine {
    pub(super) fn new(server: Rc<RefCell<RealServer>>, vault: VaultId, seed: u64) -> Self {
        let (rng, cut_off) = (Rng::new(seed), BTreeSet::new());
        Self { server, vault, rng, is_good: false, cut_off, n_down: 0, late: Vec::new() }
    }

    /// From now on all goes well.
    pub(super) fn be_good(&mut self) {
        (self.is_good, self.n_down) = (true, 0);
    }

    /// From now on little does.
    pub(super) fn be_bad(&mut self) {
        self.is_good = false;
    }

    /// Only these reach nobody.
    pub(super) fn cut_off(&mut self, devices: BTreeSet<u64>) {
        self.cut_off = devices;
    }

    /// The server dies, and lives again with what it had acknowledged and without its sessions.
    fn die(&mut self) {
        self.n_down = self.rng.below(6) as u32;
        let mut server = self.server.borrow_mut();
        if server.has(self.vault) {
            let n_entries = server.entries(self.vault).len();
            server.put_back(self.vault, n_entries);
        }
    }
}

impl Network for BadLine {
    fn carry(&mut self, from: u64, _: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        if self.is_good {
            return Ok(self.server.borrow_mut().answer(&request, now_ms));
        }
        if self.cut_off.contains(&from) {
            return Err(NetFailure::Unreachable);
        }
        if self.n_down > 0 {
            self.n_down -= 1;
            return Err(NetFailure::Unreachable);
        }
        if self.rng.one_in(DEATHS) {
            if self.rng.one_in(2) {
                self.server.borrow_mut().answer(&request, now_ms);
            }
            self.die();
            return Err(NetFailure::Broken);
        }
        match self.rng.below(24) {
            0 => return Err(NetFailure::Unreachable),
            // It was done, and nobody hears of it.
            1..=2 => {
                self.server.borrow_mut().answer(&request, now_ms);
                return Err(NetFailure::TimedOut);
            }
            3 => drop(self.server.borrow_mut().answer(&again(&request), now_ms)),
            4 if self.late.len() < MAX_LATE => self.late.push(again(&request)),
            5 if !self.late.is_empty() => {
                let at = self.rng.below(self.late.len());
                let late = self.late.swap_remove(at);
                self.server.borrow_mut().answer(&late, now_ms);
            }
            _ => {}
        }
        let reply = self.server.borrow_mut().answer(&request, now_ms);
        let is_pull = Route::find(request.method, &request.path).is_ok_and(|target| target.route == Route::Pull);
        if is_pull && reply.status == 200 && self.rng.one_in(3) {
            let mut pulled = Pull::reply_from_http(&reply).expect("an honest reply");
            for n in (1..pulled.entries.len()).rev() {
                let other = self.rng.below(n + 1);
                pulled.entries.swap(n, other);
            }
            return Ok(Pull::reply_to_http(&pulled));
        }
        Ok(reply)
    }
}

/// The same request once more: a client that did not hear the first answer, or a line that keeps what it is given.
pub(crate) fn again(request: &HttpRequest) -> HttpRequest {
    let HttpRequest { method, path, token, content_type, body } = request;
    let token = token.as_ref().map(SessionToken::duplicate);
    HttpRequest { method: *method, path: path.clone(), token, content_type: *content_type, body: body.clone() }
}
