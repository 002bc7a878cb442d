-- SPDX-License-Identifier: EUPL-1.2

-- Bodies and projects of the network. Records are kept whole as JSON: a record is read and written
-- as one thing, and only what is searched in SQL has a column (docs/decisions/0001-records.md).
CREATE TABLE network_organization (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    parent_id   TEXT,
    source      TEXT NOT NULL DEFAULT '',
    record      TEXT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE INDEX network_organization_source ON network_organization (source);

CREATE TABLE network_project (
    code     TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    record   TEXT NOT NULL
);

-- The change feed of the directory: the last number given. Every writing transaction takes the next
-- one by updating this row, so numbers become visible in the order in which they were given.
CREATE TABLE directory_feed (
    id  BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    -- names this installation, so that a snapshot of the index is never used with another database
    installation TEXT NOT NULL DEFAULT ''
);
INSERT INTO directory_feed (id, seq) VALUES (1, 0);

CREATE TABLE directory_taxonomy (
    id     TEXT PRIMARY KEY,
    source TEXT NOT NULL DEFAULT '',
    record TEXT NOT NULL
);

CREATE TABLE directory_taxonomy_term (
    id          TEXT PRIMARY KEY,
    taxonomy_id TEXT,
    parent_id   TEXT,
    code        TEXT NOT NULL DEFAULT '',
    source      TEXT NOT NULL DEFAULT '',
    record      TEXT NOT NULL
);
CREATE INDEX directory_taxonomy_term_taxonomy ON directory_taxonomy_term (taxonomy_id);

CREATE TABLE directory_program (
    id              TEXT PRIMARY KEY,
    organization_id TEXT,
    source          TEXT NOT NULL DEFAULT '',
    record          TEXT NOT NULL
);

-- Places of a body that no service stands at (a service carries its own places).
CREATE TABLE directory_location (
    id              TEXT PRIMARY KEY,
    organization_id TEXT,
    confidential    BOOLEAN NOT NULL DEFAULT FALSE,
    source          TEXT NOT NULL DEFAULT '',
    record          TEXT NOT NULL
);

-- Whole services, confidential places included. Nothing public reads this table.
CREATE TABLE directory_service (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES network_organization (id),
    source          TEXT NOT NULL DEFAULT '',
    fingerprint     TEXT NOT NULL,
    modified_at     BIGINT NOT NULL,
    record          TEXT NOT NULL
);
CREATE INDEX directory_service_organization ON directory_service (organization_id);
CREATE INDEX directory_service_source ON directory_service (source);

-- What the public may know, made by directory.Publish in the same transaction. An entry that is
-- gone keeps its row, without a record, so that followers of the feed learn of it.
CREATE TABLE directory_entry (
    id              TEXT PRIMARY KEY,
    seq             BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    program_id      TEXT,
    status          TEXT NOT NULL,
    gone            BOOLEAN NOT NULL DEFAULT FALSE,
    minimum_age     DOUBLE PRECISION,
    maximum_age     DOUBLE PRECISION,
    modified_at     BIGINT NOT NULL,
    record          TEXT NOT NULL
);
CREATE INDEX directory_entry_seq ON directory_entry (seq);
CREATE INDEX directory_entry_organization ON directory_entry (organization_id);
CREATE INDEX directory_entry_modified ON directory_entry (modified_at);

CREATE TABLE directory_entry_site (
    id          TEXT PRIMARY KEY,
    entry_id    TEXT NOT NULL REFERENCES directory_entry (id) ON DELETE CASCADE,
    location_id TEXT NOT NULL,
    latitude    DOUBLE PRECISION,
    longitude   DOUBLE PRECISION
);
CREATE INDEX directory_entry_site_entry ON directory_entry_site (entry_id);
CREATE INDEX directory_entry_site_location ON directory_entry_site (location_id);

CREATE TABLE directory_entry_term (
    entry_id    TEXT NOT NULL REFERENCES directory_entry (id) ON DELETE CASCADE,
    term_id     TEXT NOT NULL,
    taxonomy_id TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (entry_id, term_id)
);
CREATE INDEX directory_entry_term_term ON directory_entry_term (term_id);

-- What was imported when, for the operator and for "which dataset is this from?".
CREATE TABLE directory_import (
    id         TEXT PRIMARY KEY,
    source     TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    summary    TEXT NOT NULL DEFAULT ''
);

-- "Is this clear?" and "report a mistake": one tap, an optional word, nobody's name.
CREATE TABLE directory_feedback (
    id       TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL,
    kind     TEXT NOT NULL,
    language TEXT NOT NULL,
    word     TEXT NOT NULL DEFAULT '',
    day      TEXT NOT NULL
);
CREATE INDEX directory_feedback_entry ON directory_feedback (entry_id);

-- Searches that found nothing: a keyed hash of the words and of each visit, so that the words
-- themselves are written down only once five separate visits asked them.
CREATE TABLE directory_missed_search (
    hash     TEXT PRIMARY KEY,
    language TEXT NOT NULL,
    words    TEXT NOT NULL DEFAULT '',
    visits   BIGINT NOT NULL,
    day      TEXT NOT NULL
);
CREATE TABLE directory_missed_visit (
    hash  TEXT NOT NULL,
    visit TEXT NOT NULL,
    day   TEXT NOT NULL,
    PRIMARY KEY (hash, visit)
);
