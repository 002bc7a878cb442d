-- SPDX-License-Identifier: EUPL-1.2

-- What figures count: where a request was to be met, and when a mediator first said yes.
ALTER TABLE mediation_request ADD COLUMN comune TEXT NOT NULL DEFAULT '';
ALTER TABLE mediation_booking ADD COLUMN accepted BIGINT;
CREATE INDEX mediation_request_start ON mediation_request (start);
CREATE INDEX mediation_booking_request ON mediation_booking (request, seat);

-- Desks that looked for a mediator and found nobody, so that there is no request. code is that of the
-- person, and goes after some days: until then it tells who came back from who did not.
CREATE TABLE mediation_lack (
    id       TEXT PRIMARY KEY,
    member   TEXT NOT NULL,
    code     TEXT NOT NULL,
    language TEXT NOT NULL,
    mode     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    comune   TEXT NOT NULL,
    start    BIGINT NOT NULL, -- when it was to be, or from when on
    day      TEXT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE UNIQUE INDEX mediation_lack_once ON mediation_lack (member, code, language, day) WHERE code <> '';
CREATE INDEX mediation_lack_start ON mediation_lack (start);
CREATE INDEX mediation_lack_at ON mediation_lack (at) WHERE code <> '';
