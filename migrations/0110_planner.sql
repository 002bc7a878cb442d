-- SPDX-License-Identifier: EUPL-1.2

-- Another body whose coordinators may plan the requests of this one that nobody has yet; '' for none.
ALTER TABLE mediation_rule ADD COLUMN planner TEXT NOT NULL DEFAULT '';
