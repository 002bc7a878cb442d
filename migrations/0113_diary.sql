-- SPDX-License-Identifier: EUPL-1.2

-- How often the bookings of a mediator changed. Whoever remembers them reads them again only when this number
-- is another.
CREATE TABLE mediation_diary (
	mediator TEXT PRIMARY KEY,
	changes  BIGINT NOT NULL
);
