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

-- What is known of blobs beyond this device. remote: 1 = the sync server has confirmed all of it. fetched_ms: when it came from there
-- (Unix milliseconds), 0 = it was made or restored here. A blob without a row: 0, 0.
CREATE TABLE blob_copies (
    blob BLOB PRIMARY KEY REFERENCES blobs (blob) ON DELETE CASCADE,
    remote INTEGER NOT NULL DEFAULT 0 CHECK (remote IN (0, 1)),
    fetched_ms INTEGER NOT NULL DEFAULT 0 CHECK (fetched_ms >= 0)
) STRICT, WITHOUT ROWID;

-- Blobs that nothing names any more and that the server has not been told of yet.
CREATE TABLE released_blobs (
    blob BLOB PRIMARY KEY CHECK (length(blob) = 16)
) STRICT, WITHOUT ROWID;
