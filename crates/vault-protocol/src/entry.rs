//! The wire form of an entry: `sealed_len (4) ‖ sealed message ‖ prev hash (32) ‖ n_blobs (2) ‖ blob ids (16 each) ‖ signature (64)`,
//! big endian. The hash of an entry is SHA-256 over all of it, the signature is Ed25519 by the log key over
//! `"nt2 entry v1" ‖ SHA-256(everything before the signature)`.
