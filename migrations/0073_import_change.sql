-- SPDX-License-Identifier: EUPL-1.2

-- Which import wrote an entry last is asked on the page of the entry.
CREATE INDEX directory_import_change_record ON directory_import_change (record_id, kind);
