-- SPDX-License-Identifier: EUPL-1.2

-- What mediators were given lately is added up for everybody who speaks a language, at every choice: from
-- this index alone.
CREATE INDEX mediation_booking_given ON mediation_booking (mediator, start, finish) WHERE state IN ('proposed', 'confirmed', 'done', 'user_absent');
-- Who was there before, for the same case.
CREATE INDEX mediation_request_case ON mediation_request (member, case_code) WHERE case_code <> '';
