//! MS07 and MS26 for blobs: nothing altered, cut, extended, reordered or exchanged is released.

use vault_crypto::blob::{BLOB_HEADER_LEN, BlobDescriptor, BlobError, BlobOpener, BlobSealer, CHUNK_BYTES, sealed_len_bytes};
use vault_crypto::hands::{Hands, OneHand, TwoHands};
use vault_crypto::padding::blob_padded;
use vault_crypto::secret::BlobKey;
use vault_protocol::VaultId;

use crate::support::{Failing, Seeded, error_of, flipped};

const VAULT: VaultId = VaultId([1; 16]);
/// A chunk as stored.
const STORED: usize = CHUNK_BYTES + 16;

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|i| ((i * 31) >> 3) as u8).collect()
}

fn sealed(seed: &str, plaintext: &[u8]) -> (BlobDescriptor, Vec<u8>) {
    let mut out = Vec::new();
    let mut sealer = BlobSealer::start(VAULT, plaintext.len() as u64, &mut Seeded::new(seed), &mut out).unwrap();
    // Uneven pieces, so that chunk borders fall inside them.
    for piece in plaintext.chunks(50_001) {
        sealer.push(piece, &mut out).unwrap();
    }
    let descriptor = sealer.finish(&mut out).unwrap();
    (descriptor, out)
}

fn opened(descriptor: &BlobDescriptor, stored: &[u8]) -> Result<Vec<u8>, BlobError> {
    let mut out = Vec::new();
    BlobOpener::new(VAULT, descriptor, stored)?.into_reader().copy_to(&mut out)?;
    Ok(out)
}

fn copied(descriptor: &BlobDescriptor) -> BlobDescriptor {
    let key = BlobKey::from_slice(descriptor.key.expose()).unwrap();
    BlobDescriptor { key, ..*descriptor }
}

#[test]
fn every_length_around_a_border_comes_back() {
    for len in [0, 1, 4095, 4096, 4097, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5] {
        let plaintext = content(len);
        let (descriptor, stored) = sealed("borders", &plaintext);
        assert_eq!(stored.len() as u64, sealed_len_bytes(len as u64).unwrap());
        assert_eq!(u64::from(descriptor.n_chunks), blob_padded(len as u64).div_ceil(CHUNK_BYTES as u64), "{len}");
        assert_eq!(opened(&descriptor, &stored).unwrap(), plaintext, "{len}");
    }
}

/// Sealed in whole mebibytes and a rest, as a large file is.
fn sealed_by(hands: &'static dyn Hands, plaintext: &[u8]) -> (BlobDescriptor, Vec<u8>) {
    let mut out = Vec::new();
    let sealer = BlobSealer::start(VAULT, plaintext.len() as u64, &mut Seeded::new("hands"), &mut out).unwrap();
    let mut sealer = sealer.with_hands(hands);
    for piece in plaintext.chunks(1 << 20) {
        sealer.push(piece, &mut out).unwrap();
    }
    let descriptor = sealer.finish(&mut out).unwrap();
    (descriptor, out)
}

fn opened_by(hands: &'static dyn Hands, descriptor: &BlobDescriptor, stored: &[u8]) -> Result<Vec<u8>, BlobError> {
    let mut out = Vec::new();
    BlobOpener::new(VAULT, descriptor, stored)?.into_reader().with_hands(hands).copy_to(&mut out)?;
    Ok(out)
}

#[test]
fn two_hands_make_and_read_the_same_blob_as_one() {
    for len in [0, 1, CHUNK_BYTES, 2 * CHUNK_BYTES, 16 * CHUNK_BYTES, 35 * CHUNK_BYTES + 7] {
        let plaintext = content(len);
        let (descriptor, stored) = sealed_by(&OneHand, &plaintext);
        let (by_two, stored_by_two) = sealed_by(&TwoHands, &plaintext);
        assert!(stored == stored_by_two && descriptor.blake3 == by_two.blake3, "{len}");
        assert_eq!(descriptor.blake3, *blake3::hash(&plaintext).as_bytes(), "{len}");
        assert_eq!(opened(&descriptor, &stored).unwrap(), plaintext, "{len}");
        assert_eq!(opened_by(&TwoHands, &descriptor, &stored).unwrap(), plaintext, "{len}");
    }
}

#[test]
fn ms26_a_run_with_an_altered_chunk_gives_nothing_of_it_whichever_hand_opens_it() {
    let plaintext = content(20 * CHUNK_BYTES);
    let (descriptor, stored) = sealed_by(&TwoHands, &plaintext);
    for altered in [0, 4, 5, 15, 16, 19] {
        let stored = flipped(&stored, (BLOB_HEADER_LEN + altered * STORED + 100) * 8);
        let mut reader = BlobOpener::new(VAULT, &descriptor, stored.as_slice()).unwrap().into_reader().with_hands(&TwoHands);
        let mut n_chunks = 0;
        let error = loop {
            match reader.next_chunk() {
                Ok(Some(_)) => n_chunks += 1,
                Ok(None) => panic!("chunk {altered} is altered"),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, BlobError::NotAuthentic));
        assert_eq!(n_chunks, altered / 16 * 16);
    }
}

#[test]
fn a_range_decrypts_only_the_chunks_it_touches() {
    let plaintext = content(5 * CHUNK_BYTES + 100);
    let (descriptor, mut stored) = sealed("range", &plaintext);
    // Everything but chunks 1 and 2 is destroyed.
    stored[BLOB_HEADER_LEN..BLOB_HEADER_LEN + STORED].fill(0);
    stored[BLOB_HEADER_LEN + 3 * STORED..].fill(0);
    let mut opener = BlobOpener::new(VAULT, &descriptor, stored.as_slice()).unwrap();
    let mut out = vec![0; CHUNK_BYTES + 10];
    opener.read_range(CHUNK_BYTES as u64 + 20, &mut out).unwrap();
    assert_eq!(out, plaintext[CHUNK_BYTES + 20..][..out.len()]);
    assert!(matches!(opener.read_range(0, &mut out), Err(BlobError::NotAuthentic)));
    assert!(matches!(opener.read_range(plaintext.len() as u64, &mut out[..1]), Err(BlobError::OutOfRange)));
    assert!(matches!(opener.read_range(u64::MAX, &mut out[..1]), Err(BlobError::OutOfRange)));
    opener.read_range(plaintext.len() as u64, &mut []).unwrap();
}

#[test]
fn ms07_each_one_bit_change_of_a_blob_is_rejected() {
    let (descriptor, stored) = sealed("bits", &content(10));
    for bit_idx in 0..stored.len() * 8 {
        assert!(opened(&descriptor, &flipped(&stored, bit_idx)).is_err(), "bit {bit_idx}");
    }
}

#[test]
fn ms26_a_blob_cut_extended_or_reordered_is_rejected() {
    let plaintext = content(4 * CHUNK_BYTES);
    let (descriptor, stored) = sealed("moves", &plaintext);
    for len in [0, 1, BLOB_HEADER_LEN, BLOB_HEADER_LEN + STORED, stored.len() - STORED, stored.len() - 1] {
        assert!(matches!(opened(&descriptor, &stored[..len]), Err(BlobError::WrongLength { .. })), "cut to {len}");
    }
    for extra in [1, STORED] {
        let longer = [stored.as_slice(), &vec![0; extra]].concat();
        assert!(matches!(opened(&descriptor, &longer), Err(BlobError::WrongLength { .. })), "extended by {extra}");
    }
    let chunks: Vec<&[u8]> = stored[BLOB_HEADER_LEN..].chunks(STORED).collect();
    for (i, j) in [(0, 1), (1, 2), (0, 3), (2, 3)] {
        let mut order = chunks.clone();
        order.swap(i, j);
        let moved = [&stored[..BLOB_HEADER_LEN], &order.concat()].concat();
        assert!(matches!(opened(&descriptor, &moved), Err(BlobError::NotAuthentic)), "chunks {i} and {j} exchanged");
    }
}

#[test]
fn ms26_a_chunk_or_blob_of_another_attachment_is_rejected() {
    let (descriptor, stored) = sealed("one", &content(2 * CHUNK_BYTES));
    let (_, other) = sealed("two", &content(2 * CHUNK_BYTES));
    assert!(matches!(opened(&descriptor, &other), Err(BlobError::NotAuthentic)));
    for cut in [BLOB_HEADER_LEN, BLOB_HEADER_LEN + STORED] {
        let spliced = [&stored[..cut], &other[cut..]].concat();
        assert!(matches!(opened(&descriptor, &spliced), Err(BlobError::NotAuthentic)), "spliced at {cut}");
    }
    assert!(matches!(error_of(BlobOpener::new(VaultId([2; 16]), &descriptor, stored.as_slice())), BlobError::NotAuthentic));
}

#[test]
fn ms26_every_field_of_the_descriptor_is_checked() {
    let plaintext = content(4096 - 6);
    let (descriptor, stored) = sealed("facts", &plaintext);
    let same_step = BlobDescriptor { len_bytes: plaintext.len() as u64 - 1, ..copied(&descriptor) };
    assert!(opened(&same_step, &stored).is_err(), "a shorter true length leaves padding that is not zero, or another hash");
    let longer = BlobDescriptor { len_bytes: plaintext.len() as u64 + 1, ..copied(&descriptor) };
    assert!(opened(&longer, &stored).is_err(), "a longer true length has another hash");
    let chunks = BlobDescriptor { n_chunks: 2, ..copied(&descriptor) };
    assert!(matches!(opened(&chunks, &stored), Err(BlobError::BadDescriptor)));
    let huge = BlobDescriptor { len_bytes: u64::MAX, n_chunks: u32::MAX, ..copied(&descriptor) };
    assert!(matches!(opened(&huge, &stored), Err(BlobError::BadDescriptor)));
    let hash = BlobDescriptor { blake3: [0; 32], ..copied(&descriptor) };
    assert!(matches!(opened(&hash, &stored), Err(BlobError::NotAuthentic)));
    let key = BlobDescriptor { key: BlobKey::from_slice(&[9; 32]).unwrap(), ..copied(&descriptor) };
    assert!(matches!(opened(&key, &stored), Err(BlobError::NotAuthentic)));
}

#[test]
fn a_blob_of_another_length_than_announced_is_not_finished() {
    let mut out = Vec::new();
    let mut sealer = BlobSealer::start(VAULT, 3, &mut Seeded::new("length"), &mut out).unwrap();
    sealer.push(b"ab", &mut out).unwrap();
    assert!(matches!(sealer.push(b"cd", &mut out), Err(BlobError::BadLength)));
    let sealer = BlobSealer::start(VAULT, 3, &mut Seeded::new("length"), &mut out).unwrap();
    assert!(matches!(error_of(sealer.finish(&mut out)), BlobError::BadLength));
    assert!(matches!(error_of(BlobSealer::start(VAULT, u64::MAX, &mut Seeded::new(""), &mut out)), BlobError::BadLength));
}

#[test]
fn a_failing_generator_stops_a_blob_before_its_header() {
    for left in 0..3 {
        let mut out = Vec::new();
        assert!(matches!(error_of(BlobSealer::start(VAULT, 3, &mut Failing { left }, &mut out)), BlobError::Entropy(_)));
        assert!(out.is_empty());
    }
}
