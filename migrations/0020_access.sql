-- SPDX-License-Identifier: EUPL-1.2

-- Who is tied to what, from when until when. Rows are never deleted: they are ended.
CREATE TABLE access_relation (
    id       TEXT PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('membership', 'team', 'referral', 'grant', 'guardian', 'emergency')),
    account  TEXT NOT NULL,          -- of whom; '' when it is a body's
    member   TEXT NOT NULL,          -- the body, or the one that the account must act for; '' for any
    type     TEXT NOT NULL,          -- of the object, as policies call it: Case
    object   TEXT NOT NULL,
    since    BIGINT NOT NULL,
    until    BIGINT,                 -- the first moment at which it holds no more
    giver    TEXT NOT NULL,          -- account that gave it; '' for the program
    givermember TEXT NOT NULL,       -- body for which it was given
    reason   TEXT NOT NULL,
    ender    TEXT NOT NULL DEFAULT '',
    CHECK (account <> '' OR member <> ''),
    CHECK (until IS NULL OR until >= since)
);
CREATE INDEX access_relation_object ON access_relation (type, object, since);
CREATE INDEX access_relation_account ON access_relation (account, type, since);
CREATE INDEX access_relation_member ON access_relation (member, type, since);

-- Emergency access: opened by whoever needed it, told to those concerned, looked at afterwards.
CREATE TABLE access_glass (
    id       TEXT PRIMARY KEY,
    relation TEXT NOT NULL REFERENCES access_relation (id),
    account  TEXT NOT NULL,
    name     TEXT NOT NULL,          -- of the account then, as the reviewer reads it
    member   TEXT NOT NULL,
    type     TEXT NOT NULL,
    object   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    until    BIGINT NOT NULL,
    closed   BIGINT,                 -- when it was given back before its time, or ended by an officer
    verdict  TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'justified', 'unjustified')),
    remark   TEXT NOT NULL DEFAULT '',
    reviewer TEXT NOT NULL DEFAULT '',
    reviewed BIGINT
);
CREATE INDEX access_glass_member ON access_glass (member, verdict, at);
CREATE INDEX access_glass_account ON access_glass (account, at);
