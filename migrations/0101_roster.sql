-- SPDX-License-Identifier: EUPL-1.2

-- Times in which one may apply for the roster of a body. record is JSON: title, notice, act, criteria.
CREATE TABLE mediation_window (
    id       TEXT PRIMARY KEY,
    version  BIGINT NOT NULL,
    member   TEXT NOT NULL,
    section  TEXT NOT NULL CHECK (section IN ('mediator', 'facilitator')),
    from_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    record   TEXT NOT NULL
);
CREATE INDEX mediation_window_member ON mediation_window (member, last_day);
CREATE INDEX mediation_window_day ON mediation_window (last_day);

-- How somebody applied: one for each entry that began so, under its identifier.
CREATE TABLE mediation_application (
    id         TEXT PRIMARY KEY REFERENCES mediation_mediator (id),
    time_window TEXT NOT NULL REFERENCES mediation_window (id),
    language   TEXT NOT NULL, -- of the page: letters go out in it
    sent       BIGINT NOT NULL,
    confirmed  BIGINT, -- the link in the letter was used
    sealed     BYTEA   -- what they wrote, under the key of the mediator
);
CREATE INDEX mediation_application_window ON mediation_application (time_window, sent);

-- Links with which who applied follows, completes, withdraws and appeals: SHA-256 of the secret in them.
CREATE TABLE mediation_follow (
    secret_hash BYTEA PRIMARY KEY,
    mediator    TEXT NOT NULL,
    until       BIGINT NOT NULL
);
CREATE INDEX mediation_follow_until ON mediation_follow (until);
CREATE INDEX mediation_follow_mediator ON mediation_follow (mediator);

-- Papers, sealed under the key of the mediator.
CREATE TABLE mediation_document (
    id       TEXT PRIMARY KEY,
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    kind     TEXT NOT NULL,
    media    TEXT NOT NULL,
    size     BIGINT NOT NULL,
    sha256   TEXT NOT NULL,
    added    BIGINT NOT NULL,
    sealed   BYTEA NOT NULL
);
CREATE INDEX mediation_document_mediator ON mediation_document (mediator, added);

-- Points that an evaluator gives, by criterion; sealed holds the notes under the key of the mediator.
CREATE TABLE mediation_points (
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    account  TEXT NOT NULL,
    points   TEXT NOT NULL,
    sealed   BYTEA,
    at       BIGINT NOT NULL,
    PRIMARY KEY (mediator, account)
);

-- What was decided about an entry, one after the other; sealed holds the reason.
CREATE TABLE mediation_decision (
    id       TEXT PRIMARY KEY,
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    kind     TEXT NOT NULL,
    act      TEXT NOT NULL, -- number of the act
    act_day  TEXT NOT NULL,
    until    TEXT NOT NULL, -- of a suspension, of a listing
    due      TEXT NOT NULL, -- until when one may appeal, or has to be answered
    account  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    sealed   BYTEA
);
CREATE INDEX mediation_decision_mediator ON mediation_decision (mediator, at);

-- Under which rule a body publishes its roster.
CREATE TABLE mediation_publication (
    member  TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    record  TEXT NOT NULL
);

-- Files from which rosters were taken. file and what it would change are sealed under the key of the import,
-- which is destroyed when the file is kept no longer.
CREATE TABLE mediation_import (
    id      TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    member  TEXT NOT NULL,
    account TEXT NOT NULL,
    name    TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('checked', 'applied', 'undone', 'discarded')),
    record  TEXT NOT NULL,
    file    BYTEA,
    at      BIGINT NOT NULL,
    ended   BIGINT
);
CREATE INDEX mediation_import_member ON mediation_import (member, at);

-- What each row of a file became: the same row again is the same entry. mark is a keyed hash of what tells
-- the row from others.
CREATE TABLE mediation_origin (
    member   TEXT NOT NULL,
    mark     BYTEA NOT NULL,
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    PRIMARY KEY (member, mark)
);
CREATE INDEX mediation_origin_mediator ON mediation_origin (mediator);

-- What an import changed; sealed holds the entry as it was before, under the key of the mediator.
CREATE TABLE mediation_import_change (
    import   TEXT NOT NULL REFERENCES mediation_import (id),
    mediator TEXT NOT NULL,
    made     BOOLEAN NOT NULL, -- it was not there before
    version  BIGINT NOT NULL,  -- of the entry after it
    sealed   BYTEA,
    PRIMARY KEY (import, mediator)
);
CREATE INDEX mediation_import_change_mediator ON mediation_import_change (mediator);

-- Integration operators and the offices they are posted to. record is JSON: name, office, hours, activity.
CREATE TABLE mediation_posting (
    id       TEXT PRIMARY KEY,
    version  BIGINT NOT NULL,
    member   TEXT NOT NULL, -- the body that posts them
    host     TEXT NOT NULL, -- the body in whose office they are
    account  TEXT NOT NULL, -- "" for who does not log in
    from_day TEXT NOT NULL,
    last_day TEXT NOT NULL, -- "" for no end
    record   TEXT NOT NULL
);
CREATE INDEX mediation_posting_member ON mediation_posting (member, from_day);
CREATE INDEX mediation_posting_host ON mediation_posting (host, from_day);
CREATE INDEX mediation_posting_account ON mediation_posting (account) WHERE account <> '';

-- Bodies whose desks may use the hours of a residency, besides the one whose it is.
CREATE TABLE mediation_neighbour (
    residency TEXT NOT NULL REFERENCES mediation_residency (id),
    member    TEXT NOT NULL,
    PRIMARY KEY (residency, member)
);
CREATE INDEX mediation_neighbour_member ON mediation_neighbour (member);

-- What runs out soon, of which somebody was told.
CREATE TABLE mediation_reminder (
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    until    TEXT NOT NULL,
    PRIMARY KEY (mediator, until)
);
