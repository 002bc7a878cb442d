-- SPDX-License-Identifier: EUPL-1.2

-- Which services have places that must not be known: a place is hidden for all or for none, so every
-- save asks for them.
ALTER TABLE directory_service ADD COLUMN confidential BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE directory_service SET confidential = TRUE WHERE record LIKE '%"confidential":[%';
CREATE INDEX directory_service_confidential ON directory_service (id) WHERE confidential;

-- A program that changes changes the entries of its services.
CREATE INDEX directory_entry_program ON directory_entry (program_id);

-- Places of a dataset that is saved as a whole.
CREATE INDEX directory_location_source ON directory_location (source);

-- Never written: a record names its dataset itself.
DROP TABLE directory_import;
