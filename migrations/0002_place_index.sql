-- SPDX-License-Identifier: EUPL-1.2

-- Lists of places by postal code and around a point (the HSDS parameters postcode and proximity).
ALTER TABLE directory_entry_site ADD COLUMN postal_code TEXT NOT NULL DEFAULT '';
CREATE INDEX directory_entry_site_postal_code ON directory_entry_site (postal_code);
CREATE INDEX directory_entry_site_latitude ON directory_entry_site (latitude);
