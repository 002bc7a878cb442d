-- SPDX-License-Identifier: EUPL-1.2

-- Processings that a body enters itself, beside those that the program declares (art. 30 GDPR).
CREATE TABLE register_processing (
    id       TEXT PRIMARY KEY,
    member   TEXT NOT NULL,
    version  BIGINT NOT NULL,
    ended_on TEXT NOT NULL DEFAULT '',
    record   TEXT NOT NULL
);
CREATE INDEX register_processing_member ON register_processing (member);

-- Breaches of data about persons (art. 33 GDPR). A row stays: the authority may ask for it.
CREATE TABLE register_breach (
    id          TEXT PRIMARY KEY,
    member      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    known_at    BIGINT NOT NULL,
    notified_at BIGINT,
    closed_at   BIGINT,
    record      TEXT NOT NULL
);
CREATE INDEX register_breach_member ON register_breach (member, known_at);

-- What people say about the accessibility of the pages (art. 4 l. 4/2004).
CREATE TABLE register_accessibility (
    id          TEXT PRIMARY KEY,
    at          BIGINT NOT NULL,
    page        TEXT NOT NULL,
    text        TEXT NOT NULL,
    mail        TEXT NOT NULL,
    language    TEXT NOT NULL,
    answer      TEXT NOT NULL DEFAULT '',
    answered_at BIGINT,
    account     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX register_accessibility_at ON register_accessibility (at);
