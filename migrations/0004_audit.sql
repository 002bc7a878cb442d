-- SPDX-License-Identifier: EUPL-1.2

-- Proof of what was done. Rows are only ever added.
CREATE TABLE audit_event (
    id      TEXT PRIMARY KEY,
    at      BIGINT NOT NULL,
    account TEXT NOT NULL,
    member  TEXT NOT NULL,
    session TEXT NOT NULL,
    address TEXT NOT NULL,
    via     TEXT NOT NULL,
    action  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    record  TEXT NOT NULL,
    subject TEXT NOT NULL,
    is_read BOOLEAN NOT NULL,
    basis   TEXT NOT NULL,
    purpose TEXT NOT NULL,
    reason  TEXT NOT NULL,
    changes TEXT NOT NULL
);
CREATE INDEX audit_event_record ON audit_event (kind, record, at);
CREATE INDEX audit_event_subject ON audit_event (subject, at);
CREATE INDEX audit_event_account ON audit_event (account, at);
CREATE INDEX audit_event_at ON audit_event (at);
