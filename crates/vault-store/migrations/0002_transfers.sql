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
