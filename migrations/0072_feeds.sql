-- SPDX-License-Identifier: EUPL-1.2

-- What a dataset's address said of its last answer, so that the same is not sent again; how often in a
-- row it failed, and since when.
ALTER TABLE directory_dataset ADD COLUMN etag TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_dataset ADD COLUMN answered TEXT NOT NULL DEFAULT '';
ALTER TABLE directory_dataset ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE directory_dataset ADD COLUMN failing_since BIGINT;

-- Parts of a service that somebody changed here and its dataset changed as well: what the dataset
-- says of them, until a person chooses. record '' : the dataset has the service no more.
CREATE TABLE directory_conflict (
    service_id TEXT PRIMARY KEY,
    dataset    TEXT NOT NULL,
    parts      TEXT NOT NULL,
    record     TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX directory_conflict_dataset ON directory_conflict (dataset);
