-- SPDX-License-Identifier: EUPL-1.2

-- The inbox of what people say of entries. The way back to whoever said it, when they left one, is
-- sealed under a key of its own, which is destroyed after the answer.
ALTER TABLE directory_feedback ADD COLUMN status TEXT NOT NULL DEFAULT 'new';
ALTER TABLE directory_feedback ADD COLUMN handler TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_feedback ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_feedback ADD COLUMN reply TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_feedback ADD COLUMN contact BYTEA;
ALTER TABLE directory_feedback ADD COLUMN contact_state TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_feedback ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE directory_feedback ADD COLUMN settled_on TEXT NOT NULL DEFAULT '';
CREATE INDEX directory_feedback_status ON directory_feedback (status, day);

-- In which provinces people searched in vain.
CREATE TABLE directory_missed_place (
    hash   TEXT NOT NULL,
    place  TEXT NOT NULL,
    visits BIGINT NOT NULL,
    day    TEXT NOT NULL,
    PRIMARY KEY (hash, place)
);
-- What was decided about a search: '' nothing yet, 'asked' of the taxonomy, 'service' in the making, 'no'.
ALTER TABLE directory_missed_search ADD COLUMN decision TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_missed_search ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_missed_search ADD COLUMN remark TEXT NOT NULL DEFAULT '';

-- How often pages of services were opened and searches made, by day, each dimension by itself: no two
-- of them stand together, so that no row is about somebody.
CREATE TABLE directory_usage (
    day       TEXT NOT NULL,
    dimension TEXT NOT NULL,
    subject   TEXT NOT NULL,
    count     BIGINT NOT NULL,
    PRIMARY KEY (day, dimension, subject)
);

-- Datasets that are kept in the browser: whose they are, and from where and when they are fetched.
CREATE TABLE directory_dataset (
    name        TEXT PRIMARY KEY,
    member      TEXT NOT NULL DEFAULT '',
    address     TEXT NOT NULL DEFAULT '',
    every_hours BIGINT NOT NULL DEFAULT 0,
    next_at     BIGINT,
    options     TEXT NOT NULL DEFAULT '{}',
    changed_at  BIGINT NOT NULL
);
CREATE INDEX directory_dataset_next ON directory_dataset (next_at) WHERE next_at IS NOT NULL;

-- Imports, each with its report, and what was there before, so that it can be undone.
CREATE TABLE directory_import (
    id         TEXT PRIMARY KEY,
    dataset    TEXT NOT NULL,
    member     TEXT NOT NULL DEFAULT '',
    account    TEXT NOT NULL DEFAULT '',
    via        TEXT NOT NULL,
    name       TEXT NOT NULL,
    state      TEXT NOT NULL,
    options    TEXT NOT NULL,
    report     TEXT NOT NULL DEFAULT '',
    file       BYTEA,
    version    BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX directory_import_dataset ON directory_import (dataset, started_at);
CREATE INDEX directory_import_started ON directory_import (started_at);
CREATE TABLE directory_import_change (
    import_id     TEXT NOT NULL REFERENCES directory_import (id),
    kind          TEXT NOT NULL,
    record_id     TEXT NOT NULL,
    before        TEXT NOT NULL,
    before_source TEXT NOT NULL,
    before_origin TEXT NOT NULL,
    after         TEXT NOT NULL,
    PRIMARY KEY (import_id, kind, record_id)
);

-- On whose sites the search box of a body may stand.
CREATE TABLE directory_widget (
    organization_id TEXT PRIMARY KEY,
    origins         TEXT NOT NULL,
    changed_at      BIGINT NOT NULL
);

-- What people brought who went out and asked: no service yet, and nothing about persons.
CREATE TABLE directory_field_report (
    id          TEXT PRIMARY KEY,
    member      TEXT NOT NULL,
    account     TEXT NOT NULL,
    status      TEXT NOT NULL,
    record      TEXT NOT NULL,
    handler     TEXT NOT NULL DEFAULT '',
    service_id  TEXT NOT NULL DEFAULT '',
    remark      TEXT NOT NULL DEFAULT '',
    received_at BIGINT NOT NULL,
    settled_at  BIGINT
);
CREATE INDEX directory_field_report_status ON directory_field_report (status, received_at);
CREATE INDEX directory_field_report_account ON directory_field_report (account, received_at);
