-- SPDX-License-Identifier: EUPL-1.2

-- The numbered and signed log over audit_event. A number is given once, after the event is committed.
ALTER TABLE audit_event ADD COLUMN roles TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN seq BIGINT;
CREATE UNIQUE INDEX audit_event_seq ON audit_event (seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_event_tail ON audit_event (id) WHERE seq IS NULL;

-- Nodes of the Merkle tree, in the order of x/mod/sumdb/tlog.
CREATE TABLE audit_hash (
    place BIGINT PRIMARY KEY,
    hash  BYTEA NOT NULL
);
CREATE TABLE audit_checkpoint (
    size BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    note TEXT NOT NULL
);
CREATE TABLE audit_lease (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL
);
-- Checkpoints that other installations have sent to be kept here.
CREATE TABLE audit_foreign (
    origin      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    hash        TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (origin, size, hash)
);
