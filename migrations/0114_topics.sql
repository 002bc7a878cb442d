-- SPDX-License-Identifier: EUPL-1.2

-- What a session was about, sealed under the key of its request: it says something of a person, and goes with
-- the reason for which they came.
ALTER TABLE mediation_session ADD COLUMN topics BYTEA;
CREATE INDEX mediation_session_topics ON mediation_session (day) WHERE topics IS NOT NULL;
