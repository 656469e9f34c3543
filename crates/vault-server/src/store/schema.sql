-- What the blind service keeps: ids, numbers, sizes, public keys and ciphertext. Every table that belongs to a vault begins with it.
-- Times are Unix milliseconds. The same tables, with their types' other names, are made in PostgreSQL.
CREATE TABLE server (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE vaults (
    vault BLOB PRIMARY KEY, instance BLOB NOT NULL, did BLOB NOT NULL, genesis BLOB NOT NULL, registered_ms INTEGER NOT NULL,
    n_entries INTEGER NOT NULL, n_control INTEGER NOT NULL, stored_bytes INTEGER NOT NULL,
    control_bytes INTEGER NOT NULL, last_push_ms INTEGER, deletion_due_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX vaults_due ON vaults (deletion_due_ms) WHERE deletion_due_ms IS NOT NULL;
CREATE TABLE control (vault BLOB NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, wire BLOB NOT NULL, PRIMARY KEY (vault, place)) STRICT;
CREATE TABLE logs (
    vault BLOB NOT NULL, log BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, entry_ms INTEGER NOT NULL, PRIMARY KEY (vault, log)
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
    vault BLOB NOT NULL, place INTEGER NOT NULL, log BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, wire BLOB NOT NULL,
    PRIMARY KEY (vault, place)
) STRICT;
CREATE UNIQUE INDEX entries_by_log ON entries (vault, log, seq);
CREATE TABLE sessions (
    vault BLOB NOT NULL, token_hash BLOB NOT NULL, key BLOB NOT NULL, purpose TEXT NOT NULL, created_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL, PRIMARY KEY (vault, token_hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE nonces (vault BLOB NOT NULL, nonce BLOB NOT NULL, expires_ms INTEGER NOT NULL, PRIMARY KEY (vault, nonce)) STRICT, WITHOUT ROWID;
CREATE TABLE keys_seen (vault BLOB NOT NULL, key BLOB NOT NULL, seen_ms INTEGER NOT NULL, PRIMARY KEY (vault, key)) STRICT, WITHOUT ROWID;
CREATE TABLE bootstraps (vault BLOB PRIMARY KEY, hash BLOB NOT NULL, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE receipts (
    vault BLOB NOT NULL, receipt BLOB NOT NULL, deleted_ms INTEGER NOT NULL, n_entries INTEGER NOT NULL, n_control INTEGER NOT NULL,
    stored_bytes INTEGER NOT NULL, n_blobs INTEGER NOT NULL DEFAULT 0, blob_bytes INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (vault, receipt)
) STRICT, WITHOUT ROWID;
CREATE TABLE grants (
    vault BLOB NOT NULL, source TEXT NOT NULL, until_ms INTEGER, updated_ms INTEGER NOT NULL, PRIMARY KEY (vault, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE promos (
    code_hash BLOB PRIMARY KEY, days INTEGER NOT NULL, n_left INTEGER NOT NULL, expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE relay (
    channel BLOB NOT NULL, side TEXT NOT NULL, number INTEGER NOT NULL, message BLOB NOT NULL, expires_ms INTEGER NOT NULL,
    PRIMARY KEY (channel, side, number)
) STRICT;
-- Blobs. `object` and `upload` are their place in the store of objects; `named`: an entry names it; `blob_names`: every id that an entry ever
-- named, so that a blob that comes again is known; `blob_waste`: objects to be deleted.
CREATE TABLE blobs (
    vault BLOB NOT NULL, blob BLOB NOT NULL, object BLOB NOT NULL, upload TEXT, len_bytes INTEGER NOT NULL, part_bytes INTEGER NOT NULL,
    begun_ms INTEGER NOT NULL, completed_ms INTEGER, named INTEGER NOT NULL, PRIMARY KEY (vault, blob)
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_unnamed ON blobs (begun_ms) WHERE named = 0;
CREATE TABLE blob_parts (
    vault BLOB NOT NULL, object BLOB NOT NULL, part INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (vault, object, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE blob_names (vault BLOB NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (vault, blob)) STRICT, WITHOUT ROWID;
CREATE TABLE blob_usage (vault BLOB PRIMARY KEY, n_blobs INTEGER NOT NULL, stored_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE blob_waste (
    vault BLOB NOT NULL, object BLOB NOT NULL, upload TEXT, due_ms INTEGER NOT NULL, again INTEGER NOT NULL, PRIMARY KEY (vault, object)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_waste_due ON blob_waste (due_ms);
