-- SPDX-License-Identifier: EUPL-1.2

-- What an entry of the registers was after each change: for its history, and for the way back.
CREATE TABLE register_version (
    kind      TEXT NOT NULL,
    record_id TEXT NOT NULL,
    version   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    account   TEXT NOT NULL,
    action    TEXT NOT NULL,
    content   TEXT NOT NULL,
    PRIMARY KEY (kind, record_id, version)
);
