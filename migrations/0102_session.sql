-- SPDX-License-Identifier: EUPL-1.2

-- What took place of a booking, or what is owed because it did not. record is JSON: what was done,
-- expenses, who countersigned, the dispute. sealed holds what people wrote in a dispute, under a key
-- of the session.
CREATE TABLE mediation_session (
    booking   TEXT PRIMARY KEY REFERENCES mediation_booking (id),
    version   BIGINT NOT NULL,
    mediator  TEXT NOT NULL REFERENCES mediation_mediator (id),
    member    TEXT NOT NULL, -- the body that asked
    keeper    TEXT NOT NULL, -- the body that answers for the mediator
    outcome   TEXT NOT NULL CHECK (outcome IN ('held', 'user_absent', 'mediator_absent', 'cancelled_late')),
    state     TEXT NOT NULL CHECK (state IN ('expected', 'begun', 'ended', 'reported', 'confirmed', 'disputed', 'settled')),
    day       TEXT NOT NULL, -- on which it began, in Italy
    began     BIGINT,
    ended     BIGINT,
    minutes   BIGINT NOT NULL, -- that are owed
    travel    BIGINT NOT NULL, -- minutes of the way
    expenses  BIGINT NOT NULL, -- cents of a euro
    rate      BIGINT NOT NULL, -- cents an hour, as it was then
    project   TEXT NOT NULL,
    activity  TEXT NOT NULL,
    timesheet TEXT NOT NULL, -- that was signed with it; '' while it is in none
    record    TEXT NOT NULL,
    sealed    BYTEA,
    changed   BIGINT NOT NULL
);
CREATE INDEX mediation_session_mediator ON mediation_session (mediator, day);
CREATE INDEX mediation_session_member ON mediation_session (member, day);
CREATE INDEX mediation_session_keeper ON mediation_session (keeper, day);
CREATE INDEX mediation_session_charge ON mediation_session (project, activity) WHERE project <> '';
CREATE INDEX mediation_session_sealed ON mediation_session (changed) WHERE sealed IS NOT NULL;

-- Hours of a mediator in a month, as they were signed. content is what the hash is of, and names
-- nobody; a correction makes another number. seal binds both signatures to it.
CREATE TABLE mediation_timesheet (
    id                  TEXT PRIMARY KEY,
    mediator            TEXT NOT NULL REFERENCES mediation_mediator (id),
    member              TEXT NOT NULL, -- the body that answers for the mediator
    month               TEXT NOT NULL, -- '2026-11'
    number              BIGINT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('sent', 'signed', 'returned', 'replaced')),
    content             TEXT NOT NULL,
    hash                TEXT NOT NULL,
    seal                TEXT NOT NULL,
    reason              TEXT NOT NULL, -- code: why it was returned or replaced
    on_paper            BOOLEAN NOT NULL, -- the mediator has no account and signed a print
    mediator_account    TEXT NOT NULL,
    mediator_name       TEXT NOT NULL,
    mediator_at         BIGINT NOT NULL,
    coordinator_account TEXT NOT NULL,
    coordinator_name    TEXT NOT NULL,
    coordinator_at      BIGINT,
    UNIQUE (mediator, month, number)
);
CREATE UNIQUE INDEX mediation_timesheet_one ON mediation_timesheet (mediator, month) WHERE state IN ('sent', 'signed');
CREATE INDEX mediation_timesheet_month ON mediation_timesheet (month, state);

-- What a body has for mediation within an activity of a project.
CREATE TABLE mediation_budget (
    member   TEXT NOT NULL,
    project  TEXT NOT NULL,
    activity TEXT NOT NULL,
    version  BIGINT NOT NULL,
    minutes  BIGINT NOT NULL,
    cents    BIGINT NOT NULL,
    PRIMARY KEY (member, project, activity)
);

-- How each side found the other, where the body that asked has turned it on. mean is in thousandths
-- from 0 to 1.
CREATE TABLE mediation_evaluation (
    booking  TEXT NOT NULL REFERENCES mediation_booking (id),
    side     TEXT NOT NULL CHECK (side IN ('desk', 'mediator')),
    mediator TEXT NOT NULL,
    member   TEXT NOT NULL,
    mean     BIGINT NOT NULL,
    marks    TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (booking, side)
);
CREATE INDEX mediation_evaluation_mediator ON mediation_evaluation (mediator, at) WHERE side = 'desk';
