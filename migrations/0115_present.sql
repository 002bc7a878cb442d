-- SPDX-License-Identifier: EUPL-1.2

-- Other bodies that take part in a session: they see when and where it is.
CREATE TABLE mediation_present (
    request TEXT NOT NULL REFERENCES mediation_request (id),
    member  TEXT NOT NULL,
    PRIMARY KEY (request, member)
);
CREATE INDEX mediation_present_member ON mediation_present (member);
