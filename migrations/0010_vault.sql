-- SPDX-License-Identifier: EUPL-1.2

-- Data keys of subjects, wrapped by keys that lie outside the database. A destroyed key leaves its
-- row, so that the subject never gets another.
CREATE TABLE vault_key (
    subject      TEXT PRIMARY KEY,
    wrapping     TEXT NOT NULL,
    wrapped      BYTEA,
    made_at      BIGINT NOT NULL,
    destroyed_at BIGINT
);
CREATE INDEX vault_key_wrapping ON vault_key (wrapping, subject);
CREATE INDEX vault_key_destroyed ON vault_key (destroyed_at) WHERE destroyed_at IS NOT NULL;
