//! Sealed messages and password derivation, against libsodium and the reference C program.

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use vault_crypto::{Entropy, EntropyError, kdf, message, secret::RootKey};
use vault_protocol::{EpochId, Kind, LogId, Salt, SealedHeader, VaultId, control::KdfCost};
use zeroize::Zeroizing;

use crate::{
    Result,
    measure::{cpu_secs, cpu_secs_each, median},
    peers::Peer,
    table::{Row, speed, time},
};

/// Rounds of both sides, one after the other.
const ROUNDS: usize = 7;
/// Message lengths and the least speed in parts of libsodium's.
const LENGTHS: [(usize, &str, f64); 2] = [(1 << 20, "1 MiB", 0.9), (256, "256 B", 0.33)];
/// Most time in parts of the reference program's.
const MOST_ARGON2: f64 = 1.1;

/// Counts: neither side pays for random bytes here.
struct Counter(u8);

impl Entropy for Counter {
    fn fill(&mut self, out: &mut [u8]) -> std::result::Result<(), EntropyError> {
        self.0 = self.0.wrapping_add(1);
        out.fill(self.0);
        Ok(())
    }
}

/// All lines, by CPU time of one thread.
pub(crate) fn rows(peer: &Peer) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (len, name, least) in LENGTHS {
        rows.extend(message_rows(peer, len, name, least)?);
    }
    rows.extend(argon2_rows(peer)?);
    Ok(rows)
}

/// Ours: a whole sealed message (key and commitment by HKDF-SHA-256 for every message, header, padding, copy of the body). Theirs: the bare
/// cipher under one key. The bare cipher of ours is shown too.
fn message_rows(peer: &Peer, len: usize, name: &str, least: f64) -> Result<[Row; 3]> {
    let mut entropy = Counter(0);
    let (vault, epoch) = (VaultId([1; 16]), EpochId([2; 16]));
    let key = RootKey::make(&mut entropy)?.kind_key(Kind::Entry, vault, epoch);
    let header = SealedHeader::entry(vault, epoch, LogId([3; 16]), 1);
    let body = vec![5_u8; len];
    let sealed = message::seal(&key, &header, &body, &mut entropy)?;
    let mut opened = Zeroizing::new(Vec::new());
    let cipher = XChaCha20Poly1305::new(&[7; 32].into());
    let mut buffer = body.clone();
    let mut rounds: [Vec<f64>; 5] = Default::default();
    for _ in 0..ROUNDS {
        let seal = cpu_secs_each(|| message::seal(&key, &header, &body, &mut entropy));
        let open = cpu_secs_each(|| message::open_into(&key, &header, &sealed, &mut opened));
        let bare = cpu_secs_each(|| cipher.encrypt_inout_detached(&[9; 24].into(), b"", buffer.as_mut_slice().into()));
        let (their_seal, their_open) = peer.aead(len)?;
        for (values, secs) in rounds.iter_mut().zip([seal, open, bare, their_seal, their_open]) {
            values.push(secs);
        }
    }
    let [seal, open, bare, their_seal, their_open] = rounds.each_ref().map(|values| median(values));
    let shown = |secs: f64| if len >= 1 << 20 { speed(len as f64, secs) } else { time(secs) };
    let row = |what: String, ours: f64, theirs: f64| Row::new(what, shown(ours), shown(theirs), theirs / ours);
    let judged = |what: String, ours: f64, theirs: f64| row(what, ours, theirs).target(format!("speed ≥ {least}"), theirs / ours >= least);
    Ok([
        judged(format!("seal a message of {name}, CPU; libsodium XChaCha20-Poly1305"), seal, their_seal),
        judged(format!("open a message of {name}, CPU; libsodium XChaCha20-Poly1305"), open, their_open),
        row(format!("bare XChaCha20-Poly1305 of {name}, CPU; libsodium"), bare, their_seal),
    ])
}

/// Argon2id of 64 MiB, 3 passes, 1 lane, memory asked for and wiped each time.
fn argon2_rows(peer: &Peer) -> Result<[Row; 2]> {
    let (mut ours, mut sodium, mut program) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (secs, key) = cpu_secs(|| kdf::derive_password_key("correct horse battery staple", Salt([7; 32]), KdfCost::FLOOR));
        key?;
        ours.push(secs);
        sodium.push(peer.argon2()?);
        let words = ["argon2", "sixteen bytes of", "-id", "-t", "3", "-k", "65536", "-p", "1", "-l", "32"];
        // The program hashes and then verifies: two derivations.
        program.push(peer.run(&words, "correct horse battery staple")?.cpu_secs / 2.0);
    }
    let [ours, sodium, program] = [ours, sodium, program].map(|values| median(&values));
    let ratio = ours / program;
    Ok([
        Row::new("Argon2id 64 MiB, 3 passes, CPU; reference C program", time(ours), time(program), ratio)
            .target(format!("≤ {MOST_ARGON2}"), ratio <= MOST_ARGON2),
        Row::new("Argon2id 64 MiB, 3 passes, CPU; libsodium", time(ours), time(sodium), ours / sodium),
    ])
}
