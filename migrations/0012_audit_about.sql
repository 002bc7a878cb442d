-- SPDX-License-Identifier: EUPL-1.2

-- Auditors search by what was done and by body.
CREATE INDEX audit_event_action ON audit_event (action, at);
CREATE INDEX audit_event_member ON audit_event (member, at);
