-- SPDX-License-Identifier: EUPL-1.2

-- Mediators of the roster. record is JSON: languages, skills, modes, areas, hours, limits.
-- sealed holds telephone, mail and tax code under the key of the mediator.
CREATE TABLE mediation_mediator (
    id         TEXT PRIMARY KEY,
    version    BIGINT NOT NULL,
    account    TEXT NOT NULL,
    member     TEXT NOT NULL, -- the body that answers for the entry
    section    TEXT NOT NULL CHECK (section IN ('mediator', 'facilitator')),
    state      TEXT NOT NULL CHECK (state IN ('applied', 'listed', 'refused', 'suspended', 'left')),
    name       TEXT NOT NULL,
    sort_name  TEXT NOT NULL,
    available  BIGINT, -- "available now", until then
    record     TEXT NOT NULL,
    sealed     BYTEA,
    created    BIGINT NOT NULL,
    changed    BIGINT NOT NULL
);
CREATE UNIQUE INDEX mediation_mediator_account ON mediation_mediator (account) WHERE account <> '';
CREATE INDEX mediation_mediator_sort ON mediation_mediator (sort_name, id);
CREATE INDEX mediation_mediator_changed ON mediation_mediator (changed);
CREATE TABLE mediation_language (
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    code     TEXT NOT NULL,
    PRIMARY KEY (code, mediator)
);
CREATE INDEX mediation_language_mediator ON mediation_language (mediator);

-- Times off, and times on besides the weekly hours.
CREATE TABLE mediation_exception (
    id       TEXT PRIMARY KEY,
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    start    BIGINT NOT NULL,
    finish   BIGINT NOT NULL CHECK (finish > start),
    free     BOOLEAN NOT NULL,
    source   TEXT NOT NULL, -- 'own', 'calendar', 'import'
    uid      TEXT NOT NULL  -- of the entry in an outside calendar
);
CREATE INDEX mediation_exception_mediator ON mediation_exception (mediator, finish);

-- What desks ask for. sealed holds reason, nationality and notes under the key of the request.
CREATE TABLE mediation_request (
    id       TEXT PRIMARY KEY,
    version  BIGINT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('on_call', 'scheduled', 'resident')),
    member   TEXT NOT NULL,
    account  TEXT NOT NULL,
    language TEXT NOT NULL,
    mode     TEXT NOT NULL CHECK (mode IN ('in_person', 'video', 'phone', 'written')),
    start    BIGINT NOT NULL,
    finish   BIGINT NOT NULL CHECK (finish > start),
    state    TEXT NOT NULL CHECK (state IN ('open', 'booked', 'done', 'unmet', 'cancelled')),
    series   TEXT NOT NULL,
    code     TEXT NOT NULL, -- of the person in front of the desk
    case_code TEXT NOT NULL,
    project  TEXT NOT NULL,
    activity TEXT NOT NULL,
    record   TEXT NOT NULL,
    sealed   BYTEA,
    created  BIGINT NOT NULL,
    settled  BIGINT
);
CREATE INDEX mediation_request_member ON mediation_request (member, start);
CREATE INDEX mediation_request_code ON mediation_request (member, code);
CREATE INDEX mediation_request_open ON mediation_request (state, start);
CREATE INDEX mediation_request_series ON mediation_request (series) WHERE series <> '';

-- One mediator for one place of a request. place and why are JSON.
CREATE TABLE mediation_booking (
    id       TEXT PRIMARY KEY,
    version  BIGINT NOT NULL,
    request  TEXT NOT NULL REFERENCES mediation_request (id),
    seat     BIGINT NOT NULL,
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    member   TEXT NOT NULL,
    mode     TEXT NOT NULL,
    start    BIGINT NOT NULL,
    finish   BIGINT NOT NULL CHECK (finish > start),
    state    TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'done', 'cancelled', 'refused', 'user_absent', 'mediator_absent')),
    place    TEXT NOT NULL,
    why      TEXT NOT NULL,
    answer_by BIGINT, -- until when a proposed booking holds the mediator
    ended    TEXT NOT NULL, -- who cancelled or refused, and why, as a code
    created  BIGINT NOT NULL,
    changed  BIGINT NOT NULL
);
-- One active booking for each seat of a request.
CREATE UNIQUE INDEX mediation_booking_seat ON mediation_booking (request, seat) WHERE state IN ('proposed', 'confirmed', 'done', 'user_absent');
CREATE INDEX mediation_booking_mediator ON mediation_booking (mediator, finish);
CREATE INDEX mediation_booking_member ON mediation_booking (member, start);
CREATE INDEX mediation_booking_changed ON mediation_booking (changed);
CREATE INDEX mediation_booking_answer ON mediation_booking (answer_by) WHERE state = 'proposed';

-- Never two places at once: a mediator has every five minutes once.
CREATE TABLE mediation_claim (
    mediator     TEXT NOT NULL,
    five_minutes BIGINT NOT NULL,
    booking      TEXT NOT NULL,
    travel       BOOLEAN NOT NULL,
    PRIMARY KEY (mediator, five_minutes)
);
CREATE INDEX mediation_claim_booking ON mediation_claim (booking);

-- Offers on call: the first to accept has it, the offer itself holds nobody.
CREATE TABLE mediation_offer (
    id       TEXT PRIMARY KEY,
    request  TEXT NOT NULL REFERENCES mediation_request (id),
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    wave     BIGINT NOT NULL,
    mode     TEXT NOT NULL,
    sent     BIGINT NOT NULL,
    answer   TEXT NOT NULL CHECK (answer IN ('', 'accepted', 'refused', 'late', 'withdrawn')),
    answered BIGINT
);
CREATE UNIQUE INDEX mediation_offer_once ON mediation_offer (request, mediator, mode);
CREATE INDEX mediation_offer_mediator ON mediation_offer (mediator, sent);

-- Links in messages, with which a mediator answers without logging in: SHA-256 of the secret in them.
CREATE TABLE mediation_link (
    secret_hash BYTEA PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('offer', 'booking')),
    object      TEXT NOT NULL,
    mediator    TEXT NOT NULL,
    until       BIGINT NOT NULL
);
CREATE INDEX mediation_link_until ON mediation_link (until);

-- Answers to writes from outside that carry a key: the same key again gets the same answer.
CREATE TABLE mediation_once (
    account TEXT NOT NULL,
    key     TEXT NOT NULL,
    asked   TEXT NOT NULL, -- hash of what was asked
    answer  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX mediation_once_at ON mediation_once (at);

-- Rules of each body: waves, notice, cancellation, caps, weights of the score. '' is the network's.
CREATE TABLE mediation_rule (
    member  TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    record  TEXT NOT NULL
);

-- Mediators resident in an office: hours paid for, which are used before outside calls.
CREATE TABLE mediation_residency (
    id       TEXT PRIMARY KEY,
    version  BIGINT NOT NULL,
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    member   TEXT NOT NULL,
    from_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    record   TEXT NOT NULL -- office, weekly hours, bodies that may use them, activity
);
CREATE INDEX mediation_residency_mediator ON mediation_residency (mediator, last_day);
CREATE INDEX mediation_residency_member ON mediation_residency (member, last_day);
