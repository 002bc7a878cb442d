-- SPDX-License-Identifier: EUPL-1.2

-- What a dataset brought when it last wrote a service: a fingerprint, so that an edit made here since
-- is seen, and the fingerprints of its translations, so that those made here stay. '': not known.
ALTER TABLE directory_service ADD COLUMN origin TEXT NOT NULL DEFAULT '';

-- The dataset that last wrote a body, with the fingerprint of what it wrote ('' : not known). A body
-- without a row was entered here.
CREATE TABLE directory_body_origin (
    organization_id TEXT PRIMARY KEY,
    dataset         TEXT NOT NULL,
    digest          TEXT NOT NULL
);
INSERT INTO directory_body_origin (organization_id, dataset, digest)
    SELECT organization_id, MIN(source), '' FROM directory_service WHERE source <> '' GROUP BY organization_id;
