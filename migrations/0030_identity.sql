-- SPDX-License-Identifier: EUPL-1.2

-- Who logs in. No secret is kept in clear: passwords as Argon2id, tokens of sessions as SHA-256 of
-- 256 random bits, secrets of one-time codes sealed by the vault.
CREATE TABLE identity_account (
    id          TEXT PRIMARY KEY,
    email       TEXT NOT NULL,             -- as it was typed, to write to
    email_key   TEXT NOT NULL UNIQUE,      -- folded, to find by
    name        TEXT NOT NULL,
    language    TEXT NOT NULL,
    handle      BYTEA NOT NULL UNIQUE,     -- what passkeys call the account; random, so it tells nothing
    password    TEXT NOT NULL,             -- '' for none
    password_at BIGINT,
    member      TEXT NOT NULL,             -- the body acted for last
    example     BOOLEAN NOT NULL,
    created_at  BIGINT NOT NULL,
    closed_at   BIGINT,
    -- Example accounts show how they are opened. None can stand for somebody who has mail.
    CHECK (NOT example OR email_key LIKE '%.example')
);

-- What somebody does in a body, from when until when. Rows are ended and never deleted.
CREATE TABLE identity_membership (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    member     TEXT NOT NULL,              -- network_organization.id
    role       TEXT NOT NULL,
    from_at    BIGINT NOT NULL,
    until_at   BIGINT,
    granted_by TEXT NOT NULL,              -- account; '' for the set-up or a command
    ended_by   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX identity_membership_open ON identity_membership (account_id, member, role) WHERE until_at IS NULL;
CREATE INDEX identity_membership_member ON identity_membership (member);

CREATE TABLE identity_session (
    id            TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES identity_account (id),
    secret_hash   BYTEA NOT NULL UNIQUE,
    member        TEXT NOT NULL,           -- the body acted for; '' for none
    method        TEXT NOT NULL,           -- password, passkey, oidc, link
    strong        BOOLEAN NOT NULL,        -- a second factor was shown
    device        TEXT NOT NULL,           -- browser and system, to recognize it in the list
    created_at    BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL,
    stepped_up_at BIGINT,
    ended_at      BIGINT,
    ended_because TEXT NOT NULL DEFAULT ''
);
CREATE INDEX identity_session_account ON identity_session (account_id);

-- Second factors and passkeys.
CREATE TABLE identity_factor (
    id            TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES identity_account (id),
    kind          TEXT NOT NULL,           -- totp, passkey
    name          TEXT NOT NULL,
    secret        BYTEA NOT NULL,          -- totp: sealed by the vault; passkey: the public credential as JSON
    credential_id BYTEA UNIQUE,            -- of a passkey
    last_step     BIGINT NOT NULL,         -- the last time step that a one-time code was taken for
    created_at    BIGINT NOT NULL,
    used_at       BIGINT,
    ended_at      BIGINT
);
CREATE INDEX identity_factor_account ON identity_factor (account_id);

CREATE TABLE identity_recovery_code (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    code_hash  BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    UNIQUE (account_id, code_hash)
);

-- Links in letters. The link carries the identifier signed by the installation, so this table gives
-- nobody a way in.
CREATE TABLE identity_link (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,              -- invitation, reset
    account_id TEXT NOT NULL DEFAULT '',   -- of a reset; of an invitation once accepted
    email      TEXT NOT NULL DEFAULT '',
    email_key  TEXT NOT NULL DEFAULT '',
    name       TEXT NOT NULL DEFAULT '',
    language   TEXT NOT NULL DEFAULT '',
    member     TEXT NOT NULL DEFAULT '',
    roles      TEXT NOT NULL DEFAULT '',   -- JSON
    made_by    TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    ended_at   BIGINT
);
CREATE INDEX identity_link_member ON identity_link (member);

-- Accounts that a provider of identities vouches for (OpenID Connect).
CREATE TABLE identity_external (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES identity_account (id),
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    ended_at   BIGINT
);
CREATE UNIQUE INDEX identity_external_open ON identity_external (issuer, subject) WHERE ended_at IS NULL;
CREATE INDEX identity_external_account ON identity_external (account_id);

-- What is under way between two requests of one browser: the challenge of a passkey, the state of a
-- visit to a provider. Taken once.
CREATE TABLE identity_errand (
    id          TEXT PRIMARY KEY,
    secret_hash BYTEA NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    data        TEXT NOT NULL,             -- JSON
    expires_at  BIGINT NOT NULL
);

-- Budgets of attempts, shared by all nodes. The key is a keyed hash, so no address is kept.
CREATE TABLE identity_budget (
    key     TEXT PRIMARY KEY,
    tokens  DOUBLE PRECISION NOT NULL,
    at      BIGINT NOT NULL,
    full_at BIGINT NOT NULL
);
CREATE INDEX identity_budget_full ON identity_budget (full_at);

-- The first run: guarded by a code that is printed on the console, over for good once done.
CREATE TABLE identity_setup (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    code_hash  BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    done_at    BIGINT
);
