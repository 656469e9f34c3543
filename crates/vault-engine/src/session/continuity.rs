//! Whether this folder continues where this device last stopped (LD07, MS16).
//!
//! The device index, outside the vault's folder, remembers the last entry of our own log. If the folder knows less, it is an old copy that was
//! put back: what was written since may be on other devices, so the log must not be continued. A new log is begun before the first write.

use vault_crypto::{compose, secret::LogSigningKey};
use vault_protocol::{Hash, Head, LogId, control::Incarnation};

use super::{Session, local};
use crate::{
    context::Ctx,
    engine::Engine,
    event::{Event, Failure, Notice},
};

/// `sequence number (8) ‖ hash (32)`.
const RECORD_LEN: usize = 40;

impl Session {
    /// What the device index remembers.
    pub(crate) fn continuity(&self) -> Vec<u8> {
        let head = self.replica.state().log(self.replica.state().own).head;
        [head.seq.to_be_bytes().as_slice(), &head.hash.0].concat()
    }

    /// Whether the remembered entry is in our log.
    fn continues(&self, record: &[u8]) -> Result<bool, Failure> {
        let Some(remembered) = parse(record) else { return Ok(true) };
        let own = self.replica.state().own;
        let head = self.replica.state().log(own).head;
        if remembered.seq == 0 || remembered == head {
            return Ok(true);
        }
        let held = self.store.read().entry(own, remembered.seq)?.map(|(hash, _)| hash);
        Ok(held == Some(remembered.hash))
    }

    /// Begins a new log of this device; the old one stays open until it is retired.
    pub(crate) fn begin_new_log(&mut self, ctx: &mut Ctx<'_>) -> Result<LogId, Failure> {
        let (log, key) = (LogId(ctx.make_bytes()?), LogSigningKey::make(&mut ctx.entropy())?);
        let old_log = self.replica.state().own;
        let Head { seq, hash } = self.replica.state().log(old_log).head;
        let body = Incarnation { device: self.device, log, log_key: vault_protocol::Signer::public_key(&key), old_log, seq, hash };
        let entry = compose::make_incarnation(&self.control, body, &key, &self.log_key)?;
        let seed = self.keys.seal_local(local::LOG_KEY, key.expose(), &mut ctx.entropy())?;
        let previous = self.keys.seal_local(local::PREVIOUS_LOG_KEY, self.log_key.expose(), &mut ctx.entropy())?;
        self.append_control(entry, Some(log), ctx, |tx| {
            tx.put_local(local::LOG_KEY, &seed)?;
            tx.put_local(local::PREVIOUS_LOG_KEY, &previous)
        })?;
        self.previous_log_key = Some(std::mem::replace(&mut self.log_key, key));
        self.n_entries = 0;
        Ok(log)
    }
}

impl Engine {
    /// Compares the open session with what this device remembers of it.
    pub(crate) fn check_continuity(&mut self, record: &[u8], ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let session = self.session()?;
        if session.read_only.is_some() || session.continues(record)? {
            return Ok(());
        }
        let log = session.begin_new_log(ctx)?;
        let (vault, device) = (session.vault, session.device);
        self.devices.set_place(vault, device, log)?;
        ctx.emit(Event::Notice(Notice::OldCopy));
        Ok(())
    }

    /// Remembers where our log stands.
    pub(crate) fn remember(&mut self) {
        if let Some(session) = self.session.as_ref().filter(|session| session.read_only.is_none()) {
            // A record that is older than the folder is right too: it only says less.
            self.devices.set_continuity(session.vault, &session.continuity()).ok();
        }
    }
}

fn parse(record: &[u8]) -> Option<Head> {
    let (seq, hash) = record.split_first_chunk::<8>().filter(|_| record.len() == RECORD_LEN)?;
    Some(Head { seq: u64::from_be_bytes(*seq), hash: Hash::from_slice(hash)? })
}
