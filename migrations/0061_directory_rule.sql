-- SPDX-License-Identifier: EUPL-1.2

-- What a body asks of its own editors. A body without a row asks nothing.
CREATE TABLE directory_rule (
    organization_id TEXT PRIMARY KEY REFERENCES network_organization (id),
    four_eyes       BOOLEAN NOT NULL, -- somebody else publishes than who wrote last
    account         TEXT NOT NULL,    -- who set it
    changed_at      BIGINT NOT NULL
);
