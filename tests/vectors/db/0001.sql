-- expect: meta root 0101
-- expect: local draft 0202
-- expect: control 0 c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1 0303
-- expect: log a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1 from 2 to 2 e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1
-- expect: entry a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1 2 e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1 0404
-- expect: unpushed a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1 2
-- expect: applied a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1 2 e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1 Retired
-- expect: row 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b 7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e 0505
-- expect: attachment 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb 12 Current 0707
-- expect: history 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b 0 0606
-- expect: retired dededededededededededededededede
-- expect: blob BlobRecord { blob: BlobId(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb), len_bytes: 4160, n_chunks: 1, state: Missing, held: false }
-- expect: quarantined a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2 9 e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2 0808
-- One record of each table under schema 1.

-- One vault on one device. Blobs are ids, hashes, ciphertext or signed public framing: nothing here names, dates or describes an item.
-- Ids are 16 bytes, hashes and root terms 32. Rowid tables throughout: messages are too long for the leaves of a WITHOUT ROWID table.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The control log, whole and for ever.
CREATE TABLE control (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    number INTEGER NOT NULL CHECK (number >= 0),
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX control_by_number ON control (number, hash);

-- Every replica's log, as far as it is held here. pushed: 1 once a carrier has confirmed it.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    log BLOB NOT NULL CHECK (length(log) = 16),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    pushed INTEGER NOT NULL CHECK (pushed IN (0, 1)),
    bytes BLOB NOT NULL,
    UNIQUE (log, seq)
) STRICT;
CREATE INDEX entries_unpushed ON entries (log, seq) WHERE pushed = 0;

-- The last entry held of every log; it stays when the entries before it are truncated. first_seq: the lowest entry still held.
CREATE TABLE log_heads (
    log BLOB PRIMARY KEY CHECK (length(log) = 16),
    first_seq INTEGER NOT NULL CHECK (first_seq >= 1),
    seq INTEGER NOT NULL CHECK (seq >= first_seq - 1),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;

-- The last entry of every log that has been applied to the rows. status: 0 open, 1 retired, 2 stopped, 3 cut off.
CREATE TABLE vector (
    log BLOB PRIMARY KEY CHECK (length(log) = 16),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 3)
) STRICT, WITHOUT ROWID;

-- The merged objects. term: what the object adds to the root.
CREATE TABLE rows (
    id INTEGER PRIMARY KEY,
    object BLOB NOT NULL UNIQUE CHECK (length(object) = 16),
    term BLOB NOT NULL CHECK (length(term) = 32),
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    object BLOB NOT NULL REFERENCES rows (object) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    page INTEGER NOT NULL CHECK (page >= 0),
    sealed BLOB NOT NULL,
    UNIQUE (object, page)
) STRICT;

-- Purged objects: they never return.
CREATE TABLE retired (
    object BLOB PRIMARY KEY CHECK (length(object) = 16)
) STRICT, WITHOUT ROWID;

-- Encrypted files. state: 0 present, 1 missing. held: kept although no attachment names it (a snapshot).
CREATE TABLE blobs (
    blob BLOB PRIMARY KEY CHECK (length(blob) = 16),
    len_bytes INTEGER NOT NULL CHECK (len_bytes >= 0),
    n_chunks INTEGER NOT NULL CHECK (n_chunks >= 1),
    state INTEGER NOT NULL CHECK (state IN (0, 1)),
    held INTEGER NOT NULL CHECK (held IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Every descriptor, current (state 0) or only in history (state 1): a blob named by none of them may go.
CREATE TABLE asset_attachments (
    id INTEGER PRIMARY KEY,
    object BLOB NOT NULL REFERENCES rows (object) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    attachment BLOB NOT NULL CHECK (length(attachment) = 16),
    blob BLOB NOT NULL REFERENCES blobs (blob) DEFERRABLE INITIALLY DEFERRED,
    size_class INTEGER NOT NULL CHECK (size_class >= 0),
    state INTEGER NOT NULL CHECK (state IN (0, 1)),
    sealed BLOB NOT NULL,
    UNIQUE (object, attachment)
) STRICT;
CREATE INDEX asset_attachments_by_blob ON asset_attachments (blob);

-- Sealed objects of this device alone: drafts, pins, the copy of R until a kit is saved.
CREATE TABLE local (
    key TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries of removed devices beyond their cut-off, and those of forks.
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    log BLOB NOT NULL CHECK (length(log) = 16),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    bytes BLOB NOT NULL,
    UNIQUE (log, seq, hash)
) STRICT;

PRAGMA application_id = 1314140758;
PRAGMA user_version = 1;
INSERT INTO meta VALUES ('root', x'0101');
INSERT INTO local VALUES ('draft', x'0202');
INSERT INTO control VALUES (1, x'c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1', 0, x'0303');
INSERT INTO entries VALUES (1, x'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', 2, x'e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1', 0, x'0404');
INSERT INTO log_heads VALUES (x'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', 2, 2, x'e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1');
INSERT INTO vector VALUES (x'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', 2, x'e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1', 1);
INSERT INTO rows VALUES (1, x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', x'7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e7e', x'0505');
INSERT INTO history VALUES (1, x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', 0, x'0606');
INSERT INTO retired VALUES (x'dededededededededededededededede');
INSERT INTO blobs VALUES (x'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 4160, 1, 1, 0);
INSERT INTO asset_attachments VALUES (1, x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', x'a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7', x'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 12, 0, x'0707');
INSERT INTO quarantine VALUES (1, x'a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2', 9, x'e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2', x'0808');
