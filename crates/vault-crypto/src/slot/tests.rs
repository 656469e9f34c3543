use sha2::{Digest, Sha256};
use vault_protocol::header::HEADER_LEN;

use super::*;
use crate::hazmat::aead;

/// A slot's message: header (81 + 156), nonce, commitment, ciphertext (36 + 16).
const LEN: usize = 345;

struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        self.0 += 1;
        blake3::Hasher::new().update(&self.0.to_le_bytes()).finalize_xof().fill(out);
        Ok(())
    }
}

fn place(kind: Kind) -> SlotPlace {
    SlotPlace { kind, vault: VaultId([1; 16]), epoch: EpochId([2; 16]), salt: Salt([3; 32]), cost: KdfCost::FLOOR }
}

fn p(number: u32) -> PasswordKey {
    let digest = blake3::hash(&number.to_le_bytes());
    PasswordKey::from_slice(digest.as_bytes()).unwrap()
}

const SLOT_KINDS: [Kind; 7] = [Kind::SlotPD, Kind::SlotPR, Kind::SlotDR, Kind::SlotD, Kind::SlotP, Kind::SlotBackup, Kind::SlotKit];

/// All three factors.
struct All(PasswordKey, DeviceSecret, RecoverySecret);

impl All {
    fn new() -> Self {
        let mut entropy = Counting(1000);
        Self(p(0), DeviceSecret::make(&mut entropy).unwrap(), RecoverySecret::make(&mut entropy).unwrap())
    }

    fn factors(&self) -> Factors<'_> {
        Factors { password: Some(&self.0), device: Some(&self.1), kit: Some(&self.2) }
    }

    fn sealed(&self, place: &SlotPlace) -> Vec<u8> {
        let set = place.kind.factors().unwrap();
        let halves = FactorHalves {
            password: set.password.then_some(&self.0),
            device: set.device.then(|| self.1.public()),
            kit: set.kit.then(|| self.2.public()),
        };
        seal(place, halves, &[7; 32], &mut Counting(0)).unwrap().message
    }
}

#[test]
fn every_factor_set_seals_and_opens_and_all_slots_have_one_length() {
    let all = All::new();
    for kind in SLOT_KINDS {
        let message = all.sealed(&place(kind));
        assert_eq!(message.len(), LEN, "{kind:?}");
        assert_eq!(*open(&place(kind), all.factors(), &message).unwrap(), [7; 32], "{kind:?}");
    }
}

#[test]
fn ld02_a_slot_opens_with_neither_of_its_factors_missing_or_wrong() {
    let all = All::new();
    let wrong = All(p(1), DeviceSecret::make(&mut Counting(9)).unwrap(), RecoverySecret::make(&mut Counting(8)).unwrap());
    for kind in SLOT_KINDS {
        let set = kind.factors().unwrap();
        let message = all.sealed(&place(kind));
        let (right, wrong) = (all.factors(), wrong.factors());
        for (needed, missing, replaced) in [
            (set.password, Factors { password: None, ..right }, Factors { password: wrong.password, ..right }),
            (set.device, Factors { device: None, ..right }, Factors { device: wrong.device, ..right }),
            (set.kit, Factors { kit: None, ..right }, Factors { kit: wrong.kit, ..right }),
        ] {
            assert_eq!(open(&place(kind), missing, &message).is_err(), needed, "{kind:?}");
            assert_eq!(open(&place(kind), replaced, &message).is_err(), needed, "{kind:?}");
        }
    }
}

#[test]
fn ms03_a_slot_of_another_vault_epoch_salt_or_cost_does_not_open() {
    let all = All::new();
    for kind in SLOT_KINDS {
        let message = all.sealed(&place(kind));
        let here = place(kind);
        for other in [
            SlotPlace { vault: VaultId([9; 16]), ..here },
            SlotPlace { epoch: EpochId([9; 16]), ..here },
            SlotPlace { salt: Salt([9; 32]), ..here },
            SlotPlace { cost: KdfCost { passes: 4, ..KdfCost::FLOOR }, ..here },
        ] {
            assert!(open(&other, all.factors(), &message).is_err(), "{other:?}");
            // Nor if the message is rewritten to say what is asked for.
            let claims = all.sealed(&other);
            let header_len = HEADER_LEN + SlotHeader::LEN;
            let rewritten = [&claims[..header_len], &message[header_len..]].concat();
            assert!(open(&other, all.factors(), &rewritten).is_err(), "{other:?} rewritten");
        }
        for other in SLOT_KINDS.into_iter().filter(|other| *other != kind) {
            assert!(open(&place(other), all.factors(), &message).is_err(), "{kind:?} as {other:?}");
        }
    }
}

/// A wrap of {P} that its own key would open, were it not for the commitment.
fn authentic_but_for_commit(guess: &PasswordKey, header: &[u8], commit: [u8; 32]) -> Vec<u8> {
    let nonce = [0x4e; 24];
    let mut contributions = Contributions::new();
    contributions.push(guess.expose());
    let pair = contributions.into_key().0.expand_pair(&[b"nt2 msg v1", &nonce, &Sha256::digest(header)]);
    let aad = [header, &nonce, &commit].concat();
    let mut plaintext = [&32u32.to_be_bytes()[..], &[7; 32]].concat();
    let tag = aead::seal_in_place(pair.key(), &nonce, &aad, &mut plaintext).unwrap();
    [aad, plaintext, tag.to_vec()].concat()
}

#[test]
fn ms04_ten_thousand_crafted_wraps_give_one_error_and_open_under_no_key() {
    // What a partitioning oracle needs is a wrap that opens under many guesses. Each of these commits to one guess, is encrypted under another,
    // or is damaged somewhere; whatever it is, it opens under none, and the answer is the same.
    let place = place(Kind::SlotP);
    let wraps: Vec<Vec<u8>> = (0..100u32)
        .map(|number| {
            let halves = FactorHalves { password: Some(&p(number)), ..FactorHalves::default() };
            seal(&place, halves, &[7; 32], &mut Counting(u64::from(number) * 100)).unwrap().message
        })
        .collect();
    let seal_at = LEN - (24 + 32 + 36 + 16);
    let mut n_refused = 0;
    for commits in 0..100 {
        for encrypts in 0..100 {
            let mut crafted = wraps[encrypts].clone();
            match (commits + encrypts) % 4 {
                // The commitment of one guess on the ciphertext of another.
                0 => crafted[seal_at + 24..seal_at + 56].copy_from_slice(&wraps[commits][seal_at + 24..seal_at + 56]),
                // Nonce and commitment of one, ciphertext of another.
                1 => crafted[seal_at..seal_at + 56].copy_from_slice(&wraps[commits][seal_at..seal_at + 56]),
                // The whole seal of one under the header of another.
                2 => crafted[seal_at..].copy_from_slice(&wraps[commits][seal_at..]),
                // Authentic under one guess, with the commitment of another: what a ciphertext for several keys looks like.
                _ => {
                    let commit = wraps[commits][seal_at + 24..seal_at + 56].try_into().unwrap();
                    crafted = authentic_but_for_commit(&p(encrypts as u32), &crafted[..seal_at], commit);
                }
            }
            if commits == encrypts {
                crafted[seal_at + commits] ^= 1;
            }
            for guess in [commits, encrypts] {
                let guess = p(guess as u32);
                let result = open(&place, Factors { password: Some(&guess), ..Factors::default() }, &crafted);
                assert_eq!(result.err(), Some(OpenError::NotAuthentic), "{commits} and {encrypts}");
            }
            n_refused += 1;
        }
    }
    assert_eq!(n_refused, 10_000);
}

#[test]
fn ms18_small_order_and_null_keys_are_neither_written_to_nor_opened_with() {
    let all = All::new();
    let mut one = [0; 32];
    one[0] = 1;
    for bad in [[0; 32], one] {
        let halves = FactorHalves { device: Some(KemPublicKey(bad)), ..FactorHalves::default() };
        assert_eq!(seal(&place(Kind::SlotD), halves, &[7; 32], &mut Counting(0)).err(), Some(SlotError::SmallOrder));
        let mut message = all.sealed(&place(Kind::SlotD));
        let epk_at = HEADER_LEN + 16 + 12 + 32;
        message[epk_at..epk_at + 32].copy_from_slice(&bad);
        assert!(open(&place(Kind::SlotD), all.factors(), &message).is_err());
    }
}

#[test]
fn ms07_each_one_bit_change_of_a_slot_is_rejected() {
    let all = All::new();
    for kind in SLOT_KINDS {
        let message = all.sealed(&place(kind));
        for bit_idx in 0..message.len() * 8 {
            let mut altered = message.clone();
            altered[bit_idx / 8] ^= 1 << (bit_idx % 8);
            assert!(open(&place(kind), all.factors(), &altered).is_err(), "{kind:?}, bit {bit_idx}");
        }
    }
}

#[test]
fn factors_that_are_not_those_of_the_set_are_not_written() {
    let all = All::new();
    let halves = FactorHalves { password: Some(&all.0), device: Some(all.1.public()), kit: None };
    for kind in [Kind::SlotPR, Kind::SlotDR, Kind::SlotD, Kind::SlotP, Kind::Row] {
        assert_eq!(seal(&place(kind), halves, &[7; 32], &mut Counting(0)).err(), Some(SlotError::WrongFactors), "{kind:?}");
    }
    let cheap = SlotPlace { cost: KdfCost { memory_kib: 8, passes: 1, lanes: 1 }, ..place(Kind::SlotPD) };
    assert_eq!(seal(&cheap, halves, &[7; 32], &mut Counting(0)).err(), Some(SlotError::Cost));
}
