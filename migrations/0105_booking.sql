-- SPDX-License-Identifier: EUPL-1.2

-- Another time that a mediator has proposed, for what they were offered or are booked for.
CREATE TABLE mediation_proposal (
    id       TEXT PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('offer', 'booking')),
    object   TEXT NOT NULL, -- the offer or the booking
    request  TEXT NOT NULL REFERENCES mediation_request (id),
    mediator TEXT NOT NULL REFERENCES mediation_mediator (id),
    start    BIGINT NOT NULL,
    finish   BIGINT NOT NULL CHECK (finish > start),
    state    TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'replaced', 'late', 'withdrawn')),
    created  BIGINT NOT NULL,
    settled  BIGINT
);
CREATE UNIQUE INDEX mediation_proposal_open ON mediation_proposal (object) WHERE state = 'open';
CREATE INDEX mediation_proposal_request ON mediation_proposal (request, id);
CREATE INDEX mediation_proposal_due ON mediation_proposal (start) WHERE state = 'open';

-- Requests that nobody can meet for now, in the order in which they began to wait.
CREATE TABLE mediation_waiting (
    request TEXT PRIMARY KEY REFERENCES mediation_request (id),
    since   BIGINT NOT NULL,
    until   BIGINT NOT NULL, -- after it there would be no time left to tell anybody
    tried   BIGINT NOT NULL
);
CREATE INDEX mediation_waiting_since ON mediation_waiting (since, request);
