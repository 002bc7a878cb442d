-- SPDX-License-Identifier: EUPL-1.2

-- What lets a program outside read the bookings of a mediator or of a body: the address of a feed, or the
-- password of a program that speaks CalDAV. secret_hash is SHA-256 of the secret, which is kept nowhere.
CREATE TABLE mediation_calendar_key (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('feed', 'app', 'body')),
    mediator    TEXT NOT NULL, -- '' for that of a body
    member      TEXT NOT NULL, -- acted for by who made it
    account     TEXT NOT NULL, -- who made it
    name        TEXT NOT NULL, -- as its owner calls it
    language    TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    made        BIGINT NOT NULL,
    used        BIGINT -- last time, to within minutes
);
CREATE UNIQUE INDEX mediation_calendar_key_secret ON mediation_calendar_key (secret_hash);
CREATE INDEX mediation_calendar_key_mediator ON mediation_calendar_key (mediator);
CREATE INDEX mediation_calendar_key_member ON mediation_calendar_key (member, kind);

-- States of a calendar that programs have seen, so that they can be told what changed since (RFC 6578):
-- the name and the tag of every entry.
CREATE TABLE mediation_calendar_state (
    mediator TEXT NOT NULL,
    token    TEXT NOT NULL,
    record   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (mediator, token)
);
CREATE INDEX mediation_calendar_state_at ON mediation_calendar_state (at);

-- The calendar that a mediator keeps elsewhere, of which only the busy times are read. sealed is its
-- address, under the key of the mediator: such addresses are secrets.
CREATE TABLE mediation_calendar_outside (
    mediator  TEXT PRIMARY KEY,
    version   BIGINT NOT NULL,
    sealed    BYTEA,
    host      TEXT NOT NULL,
    etag      TEXT NOT NULL,
    modified  TEXT NOT NULL,
    trouble   TEXT NOT NULL, -- code of what went wrong the last time; '' for nothing
    failures  BIGINT NOT NULL,
    busy      BIGINT NOT NULL, -- busy times that were found
    odd       BIGINT NOT NULL, -- entries that were not understood
    read_at   BIGINT, -- when it last answered
    whole_at  BIGINT, -- when it last gave more than "nothing has changed"
    next_at   BIGINT NOT NULL
);
CREATE INDEX mediation_calendar_outside_next ON mediation_calendar_outside (next_at);

-- A time off that a program entered: how the program calls its entry, and when it was entered.
ALTER TABLE mediation_exception ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE mediation_exception ADD COLUMN made BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mediation_exception ADD COLUMN whole_day BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX mediation_exception_name ON mediation_exception (mediator, name) WHERE name <> '';
