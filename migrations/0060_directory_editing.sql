-- SPDX-License-Identifier: EUPL-1.2

-- Working copies of services: what editors have written and the public does not see yet. A service
-- that was never published has a row here alone.
CREATE TABLE directory_draft (
    id              TEXT PRIMARY KEY, -- of the service
    organization_id TEXT NOT NULL REFERENCES network_organization (id),
    version         BIGINT NOT NULL,  -- counts every save: who saves says which version was read
    base            TEXT NOT NULL,    -- fingerprint of the published texts that it was begun from, '' for none
    state           TEXT NOT NULL,    -- draft, review, scheduled
    publish_at      BIGINT,           -- of scheduled
    opens           BOOLEAN NOT NULL, -- the editor has said that the places may be known
    assures         BOOLEAN NOT NULL, -- publishing it also confirms that it is true today
    confidential    BOOLEAN NOT NULL,
    account         TEXT NOT NULL,    -- who saved it last; '' for the contact of a body, by link
    note            TEXT NOT NULL,
    changed_at      BIGINT NOT NULL,
    record          TEXT NOT NULL
);
CREATE INDEX directory_draft_due ON directory_draft (publish_at) WHERE publish_at IS NOT NULL;

-- What was published, each time. Rows are only ever added.
CREATE TABLE directory_version (
    service_id   TEXT NOT NULL,
    number       BIGINT NOT NULL,
    action       TEXT NOT NULL,
    account      TEXT NOT NULL,
    member       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    at           BIGINT NOT NULL,
    confidential BOOLEAN NOT NULL,
    fingerprint  TEXT NOT NULL,
    record       TEXT NOT NULL,
    PRIMARY KEY (service_id, number)
);

-- One line of the editors' list for every service, published or not. Made in Go with each write;
-- what was stored before this table is added at the next start.
CREATE TABLE directory_summary (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    published       BOOLEAN NOT NULL,
    confidential    BOOLEAN NOT NULL,
    state           TEXT NOT NULL, -- of the working copy, '' for none
    status          TEXT NOT NULL,
    name            TEXT NOT NULL,
    sort_key        TEXT NOT NULL,
    folded          TEXT NOT NULL,
    needs           TEXT NOT NULL, -- ' code code '
    languages       TEXT NOT NULL, -- ' it ar ': in which the title can be read
    outdated        TEXT NOT NULL, -- ' fr ': in which some translation is out of date
    due             TEXT NOT NULL, -- day of the next confirmation, '' when it was never confirmed
    modified_at     BIGINT NOT NULL
);
CREATE INDEX directory_summary_organization ON directory_summary (organization_id, sort_key);
CREATE INDEX directory_summary_sort ON directory_summary (sort_key, id);
CREATE INDEX directory_summary_due ON directory_summary (due);

-- Translations that are being written.
CREATE TABLE directory_translation_draft (
    service_id TEXT NOT NULL,
    language   TEXT NOT NULL,
    part       TEXT NOT NULL, -- group of fields: title, body, practice
    version    BIGINT NOT NULL,
    digest     TEXT NOT NULL, -- of the source texts that the translator saw
    account    TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    fields     TEXT NOT NULL,
    PRIMARY KEY (service_id, language, part)
);

-- Asking a body to confirm an entry: one row for each time that it falls due. The link is made of the
-- identifier and the time by a key that is kept outside of the database.
CREATE TABLE directory_verification (
    id           TEXT PRIMARY KEY,
    service_id   TEXT NOT NULL,
    email        TEXT NOT NULL,
    language     TEXT NOT NULL,
    due          TEXT NOT NULL, -- day
    state        TEXT NOT NULL, -- asked, confirmed, corrected, withdrawn
    expires_at   BIGINT NOT NULL,
    asked_at     BIGINT NOT NULL,
    reminded_at  BIGINT,
    escalated_at BIGINT,
    answered_at  BIGINT
);
CREATE INDEX directory_verification_service ON directory_verification (service_id, asked_at);
CREATE UNIQUE INDEX directory_verification_open ON directory_verification (service_id) WHERE state = 'asked';

-- To whom a service's questions go, and in which language. Private: not part of the record.
CREATE TABLE directory_verification_contact (
    service_id TEXT PRIMARY KEY,
    email      TEXT NOT NULL,
    language   TEXT NOT NULL
);
