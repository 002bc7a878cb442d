-- SPDX-License-Identifier: EUPL-1.2

-- What every record of the network was after each change: for history, comparison and undo.
CREATE TABLE network_version (
    kind      TEXT NOT NULL,
    record_id TEXT NOT NULL,
    version   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    account   TEXT NOT NULL,
    member    TEXT NOT NULL,
    via       TEXT NOT NULL,
    action    TEXT NOT NULL,
    content   TEXT NOT NULL,
    PRIMARY KEY (kind, record_id, version)
);

-- Two entries of one body made one, with all that undoing it needs.
CREATE TABLE network_merge (
    id        TEXT PRIMARY KEY,
    from_id   TEXT NOT NULL,
    into_id   TEXT NOT NULL,
    at        BIGINT NOT NULL,
    account   TEXT NOT NULL,
    undone_at BIGINT,
    record    TEXT NOT NULL
);
CREATE INDEX network_merge_into ON network_merge (into_id);

-- Agreements between bodies, without which nothing about persons passes from one to another.
CREATE TABLE network_agreement (
    id       TEXT PRIMARY KEY,
    version  BIGINT NOT NULL,
    from_day TEXT NOT NULL,
    -- last day, "" for no end; an agreement ended early has the earlier day here
    last_day TEXT NOT NULL,
    record   TEXT NOT NULL
);
CREATE TABLE network_agreement_party (
    agreement_id    TEXT NOT NULL REFERENCES network_agreement (id),
    organization_id TEXT NOT NULL REFERENCES network_organization (id),
    role            TEXT NOT NULL,
    PRIMARY KEY (agreement_id, organization_id)
);
CREATE INDEX network_agreement_party_organization ON network_agreement_party (organization_id);

-- Funds, and what each asks to be shown on the pages of its projects.
CREATE TABLE network_fund (
    code    TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    record  TEXT NOT NULL
);
