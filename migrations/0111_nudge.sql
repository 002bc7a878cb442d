-- SPDX-License-Identifier: EUPL-1.2

-- How often the mediator of a booking was reminded to report it, and the desk to countersign it: a few times
-- at most, and who does it is asked no more.
CREATE TABLE mediation_nudge (
    booking TEXT NOT NULL REFERENCES mediation_booking (id),
    side    TEXT NOT NULL CHECK (side IN ('mediator', 'desk')),
    sent    BIGINT NOT NULL,
    at      BIGINT NOT NULL, -- the last time
    PRIMARY KEY (booking, side)
);
CREATE INDEX mediation_nudge_at ON mediation_nudge (at);
CREATE INDEX mediation_booking_over ON mediation_booking (finish) WHERE state = 'confirmed';
CREATE INDEX mediation_session_reported ON mediation_session (changed) WHERE state = 'reported';
