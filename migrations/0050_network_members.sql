-- SPDX-License-Identifier: EUPL-1.2

-- Changes of a body or project are numbered, so that two people who edit at once learn of each other.
ALTER TABLE network_organization ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE network_project ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE network_project ADD COLUMN closed_on TEXT NOT NULL DEFAULT '';

-- What the network itself knows of a body. It stands apart from network_organization, which is the
-- form that bodies exchange: an import writes that anew and must change nothing of this.
CREATE TABLE network_profile (
    organization_id TEXT PRIMARY KEY REFERENCES network_organization (id),
    member_since    TEXT NOT NULL DEFAULT '',
    member_until    TEXT NOT NULL DEFAULT '',
    closed_on       TEXT NOT NULL DEFAULT '',
    -- the entry of the same body that this one was merged into
    merged_into     TEXT NOT NULL DEFAULT '',
    record          TEXT NOT NULL
);
CREATE INDEX network_profile_member ON network_profile (member_since) WHERE member_since <> '';
