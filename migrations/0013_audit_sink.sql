-- SPDX-License-Identifier: EUPL-1.2

-- Places outside that keep our checkpoints, and what became of the last attempt: doctor and every node see
-- it, and a node that takes over does not send again what has arrived.
CREATE TABLE audit_sink (
    name     TEXT PRIMARY KEY,   -- as audit.Sink names it
    size     BIGINT NOT NULL,    -- the last checkpoint that it took; 0 for none
    hash     TEXT NOT NULL,
    sent_at  BIGINT,
    tried_at BIGINT NOT NULL,
    problem  TEXT NOT NULL       -- of the last attempt; '' when it was taken
);
