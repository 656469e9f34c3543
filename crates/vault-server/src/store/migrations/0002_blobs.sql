-- Blobs: claimed here before any byte is stored. The names in entries that came before this step are collected by the step itself.
ALTER TABLE receipts ADD COLUMN n_blobs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN blob_bytes INTEGER NOT NULL DEFAULT 0;
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
