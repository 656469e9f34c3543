//! A server in memory that keeps the wire contract and nothing else: no limits, no payment, no disk. Tests of the engine alone meet this one;
//! stories that cross crates meet the real service.

use std::collections::{BTreeMap, BTreeSet};

use vault_engine::sync::NetFailure;
use vault_protocol::{
    Hash, Head, LogId, SigningPublicKey, VaultId, VersionVector,
    api::{
        ApiError, AppendControl, Call, Challenge, Challenged, ControlPage, Delete, Deletion, Done, HttpReply, HttpRequest, LoginNonce,
        OpenSession, Position, Pull, Pulled, Purpose, Push, Pushed, ReadControl, Receipt, Register, Registered, RelayChannel, RelayReceive,
        RelaySend, RelaySide, Route, SessionOpened, SessionToken,
    },
    control::{ControlEntry, ControlLog},
    entry::WireEntry,
};

use crate::Network;

/// See the module.
#[derive(Default)]
pub struct MemServer {
    /// What it has, by vault. Tests look at it, and spoil it.
    pub vaults: BTreeMap<VaultId, MemVault>,
    /// Requests so far.
    pub n_requests: u64,
    /// Bytes of bodies so far, both ways.
    pub n_bytes: u64,
    /// Devices that it can't be reached from.
    pub unreachable: BTreeSet<u64>,
    /// Whether pushing needs a subscription that nobody has.
    pub wants_payment: bool,
    /// Messages of relay channels.
    pub mailboxes: BTreeMap<(RelayChannel, RelaySide, u32), Vec<u8>>,
    nonces: BTreeSet<LoginNonce>,
    sessions: BTreeMap<[u8; 32], (VaultId, SigningPublicKey, Purpose)>,
    n_drawn: u64,
}

/// One vault.
pub struct MemVault {
    /// Its control log.
    pub control: ControlLog,
    /// The same as it came.
    pub control_entries: Vec<Vec<u8>>,
    /// Every entry in the order in which it came: log, number, hash, wire form.
    pub entries: Vec<(LogId, u64, Hash, Vec<u8>)>,
}

impl MemVault {
    /// The last entry of every log.
    pub fn heads(&self) -> VersionVector {
        VersionVector(self.entries.iter().map(|(log, seq, hash, _)| (*log, Head { seq: *seq, hash: *hash })).collect())
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        Position {
            n_entries: self.entries.len() as u64,
            n_control: self.control_entries.len() as u64,
            control_heads: self.control.heads().to_vec(),
        }
    }
}

impl Network for MemServer {
    fn carry(&mut self, from: u64, _: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        if self.unreachable.contains(&from) {
            return Err(NetFailure::Unreachable);
        }
        Ok(self.answer(&request, now_ms))
    }
}

impl MemServer {
    /// Its answer to a request.
    pub fn answer(&mut self, request: &HttpRequest, now_ms: u64) -> HttpReply {
        self.n_requests += 1;
        self.n_bytes += request.body.len() as u64;
        let reply = self.handle(request, now_ms).unwrap_or_else(|error| error.to_http());
        self.n_bytes += reply.body.len() as u64;
        reply
    }

    fn handle(&mut self, request: &HttpRequest, now_ms: u64) -> Result<HttpReply, ApiError> {
        match Route::find(request.method, &request.path)?.route {
            Route::Register => self.register(&Register::from_http(request)?).map(|reply| Register::reply_to_http(&reply)),
            Route::Challenge => {
                let nonce = LoginNonce(self.draw());
                self.nonces.insert(nonce);
                Ok(Challenge::reply_to_http(&Challenged { nonce, expires_ms: now_ms + 60_000 }))
            }
            Route::OpenSession => self.open_session(&OpenSession::from_http(request)?, now_ms),
            Route::ReadControl => {
                let call = ReadControl::from_http(request)?;
                let vault = self.vault(request, call.vault, &[Purpose::Sync, Purpose::Join])?;
                let Position { n_control, control_heads, .. } = vault.position();
                let entries = vault.control_entries.iter().skip(call.after as usize).take(3).cloned().collect();
                Ok(ReadControl::reply_to_http(&ControlPage { n_control, heads: control_heads, entries }))
            }
            Route::AppendControl => {
                let call = AppendControl::from_http(request)?;
                let vault = self.vault(request, call.vault, &[Purpose::Sync, Purpose::Join])?;
                if call.heads != vault.control.heads() {
                    let Position { n_control, control_heads, .. } = vault.position();
                    return Err(ApiError::StaleControl { heads: control_heads, n_control });
                }
                for wire in call.entries {
                    let entry = ControlEntry::parse(&wire).map_err(|_| ApiError::ControlRefused)?;
                    vault.control.append(entry).map_err(|_| ApiError::ControlRefused)?;
                    vault.control_entries.push(wire);
                }
                Ok(AppendControl::reply_to_http(&vault.position()))
            }
            Route::Push => self.push(request),
            Route::Pull => self.pull(request),
            Route::RelaySend => {
                let call = RelaySend::from_http(request)?;
                self.mailboxes.entry((call.channel, call.side, call.number)).or_insert(call.message);
                Ok(RelaySend::reply_to_http(&Done {}))
            }
            Route::RelayReceive => {
                let call = RelayReceive::from_http(request)?;
                Ok(RelayReceive::reply_to_http(&self.mailboxes.get(&(call.channel, call.side, call.number)).cloned()))
            }
            Route::Delete => {
                let call = Delete::from_http(request)?;
                let vault = self.vault(request, call.vault, &[Purpose::Delete])?;
                let receipt = Receipt {
                    vault: call.vault,
                    receipt: Hash([1; 32]),
                    deleted_ms: now_ms,
                    n_entries: vault.entries.len() as u64,
                    n_control: vault.control_entries.len() as u64,
                    stored_bytes: vault.entries.iter().map(|entry| entry.3.len() as u64).sum(),
                };
                self.vaults.remove(&call.vault);
                Ok(Delete::reply_to_http(&Deletion::Deleted(receipt)))
            }
            _ => Err(ApiError::NotOffered),
        }
    }

    fn register(&mut self, call: &Register) -> Result<Registered, ApiError> {
        let entry = ControlEntry::parse(&call.genesis).map_err(|_| ApiError::BadRequest)?;
        let vault = entry.vault;
        match self.vaults.get(&vault) {
            Some(known) if known.control_entries[0] == call.genesis => Ok(Registered { vault, created: false }),
            Some(_) => Err(ApiError::OtherGenesis),
            None if call.create => {
                let control = ControlLog::new(vault, entry).map_err(|_| ApiError::ControlRefused)?;
                let entries = vec![call.genesis.clone()];
                self.vaults.insert(vault, MemVault { control, control_entries: entries, entries: Vec::new() });
                Ok(Registered { vault, created: true })
            }
            None => Err(ApiError::NotRegistered),
        }
    }

    fn open_session(&mut self, call: &OpenSession, now_ms: u64) -> Result<HttpReply, ApiError> {
        let is_fresh = self.nonces.remove(&call.nonce) && call.is_signed();
        let members = self.vaults.get(&call.vault).map(|vault| vault.control.state()).ok_or(ApiError::Unauthorized)?;
        let may = match call.purpose {
            Purpose::Sync => members.open_log_of_key(call.key).is_some(),
            Purpose::Join if members.did() == call.key => {
                self.vaults.get(&call.vault).is_some_and(|vault| vault.control_entries.len() == 1)
            }
            Purpose::Join | Purpose::Delete => members.owner_key() == call.key,
        };
        if !is_fresh || !may {
            return Err(ApiError::Unauthorized);
        }
        let token = SessionToken::from_bytes(self.draw());
        self.sessions.insert(*token.expose(), (call.vault, call.key, call.purpose));
        Ok(OpenSession::reply_to_http(&SessionOpened { token, expires_ms: now_ms + 86_400_000 }))
    }

    /// Ends every session.
    pub fn end_sessions(&mut self) {
        self.sessions.clear();
    }

    fn push(&mut self, request: &HttpRequest) -> Result<HttpReply, ApiError> {
        let call = Push::from_http(request)?;
        if self.wants_payment {
            return Err(ApiError::PaymentRequired);
        }
        let vault = self.vault(request, call.vault, &[Purpose::Sync])?;
        let Position { n_control, control_heads, .. } = vault.position();
        if call.control_heads != control_heads {
            return Err(ApiError::StaleControl { heads: control_heads, n_control });
        }
        let mut heads = vault.heads();
        let mut new = Vec::new();
        for wire in call.entries {
            let entry = WireEntry::parse(wire).map_err(|_| ApiError::BadRequest)?;
            let (log, seq, hash) = (entry.header().log, entry.header().seq, entry.hash());
            let key = vault.control.state().log_key(log).ok_or(ApiError::EntryRefused { log, seq })?;
            entry.verify(key).map_err(|_| ApiError::EntryRefused { log, seq })?;
            let head = heads.0.get(&log).copied().unwrap_or(Head { seq: 0, hash: Hash::ZERO });
            if seq <= head.seq {
                match vault.entries.iter().find(|known| known.0 == log && known.1 == seq) {
                    Some(known) if known.2 == hash => continue,
                    Some(known) => return Err(ApiError::EntryConflict { log, seq, hash: known.2 }),
                    None => return Err(ApiError::Internal),
                }
            }
            if seq != head.seq + 1 {
                return Err(ApiError::Gap { log, expected_seq: head.seq + 1 });
            }
            if entry.prev() != head.hash {
                return Err(ApiError::EntryConflict { log, seq: head.seq, hash: head.hash });
            }
            heads.0.insert(log, Head { seq, hash });
            new.push((log, seq, hash, entry.into_wire()));
        }
        let n_stored = new.len() as u64;
        vault.entries.extend(new);
        Ok(Push::reply_to_http(&Pushed { n_stored, n_entries: vault.entries.len() as u64 }))
    }

    fn pull(&mut self, request: &HttpRequest) -> Result<HttpReply, ApiError> {
        let call = Pull::from_http(request)?;
        let vault = self.vault(request, call.vault, &[Purpose::Sync])?;
        let heads = vault.heads();
        let mut differing: BTreeMap<LogId, Head> =
            heads.0.iter().filter(|(log, head)| call.known.0.get(log) != Some(head)).map(|(log, head)| (*log, *head)).collect();
        let lacking = call.known.0.keys().filter(|log| !heads.0.contains_key(log));
        differing.extend(lacking.map(|log| (*log, Head { seq: 0, hash: Hash::ZERO })));
        let (mut entries, mut len, mut more) = (Vec::new(), 0, false);
        for (_, _, _, wire) in vault.entries.iter().filter(|(log, seq, _, _)| *seq > call.known.seq(*log)) {
            if !entries.is_empty() && len + wire.len() > call.max_bytes as usize {
                more = true;
                break;
            }
            len += wire.len();
            entries.push(wire.clone());
        }
        Ok(Pull::reply_to_http(&Pulled { position: vault.position(), differing: VersionVector(differing), entries, more }))
    }

    /// The vault, for a session that may.
    fn vault(&mut self, request: &HttpRequest, vault: VaultId, purposes: &[Purpose]) -> Result<&mut MemVault, ApiError> {
        let token = request.token.as_ref().ok_or(ApiError::SessionExpired)?;
        let (of, key, purpose) = *self.sessions.get(token.expose()).ok_or(ApiError::SessionExpired)?;
        let known = self.vaults.get_mut(&vault).ok_or(ApiError::NotRegistered)?;
        let members = known.control.state();
        let stays = members.open_log_of_key(key).is_some() || members.owner_key() == key || members.did() == key;
        if !stays {
            return Err(ApiError::SessionExpired);
        }
        if of == vault && purposes.contains(&purpose) { Ok(known) } else { Err(ApiError::Forbidden) }
    }

    fn draw(&mut self) -> [u8; 32] {
        self.n_drawn += 1;
        *blake3::hash(&self.n_drawn.to_be_bytes()).as_bytes()
    }
}
