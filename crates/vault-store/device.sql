-- The vaults on this device. Display names are local labels and in clear; nothing else here describes a vault's contents.
CREATE TABLE vaults (
    vault BLOB PRIMARY KEY CHECK (length(vault) = 16),
    folder TEXT NOT NULL UNIQUE,
    replaced_folder TEXT,
    name TEXT NOT NULL,
    device BLOB NOT NULL CHECK (length(device) = 16),
    log BLOB NOT NULL CHECK (length(log) = 16),
    created_ms INTEGER NOT NULL,
    last_opened_ms INTEGER NOT NULL,
    failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
    not_before_ms INTEGER NOT NULL,
    continuity BLOB NOT NULL
) STRICT, WITHOUT ROWID;
