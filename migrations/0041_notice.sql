-- SPDX-License-Identifier: EUPL-1.2

-- What people are told. The sealed column holds address, arguments and link; key is whatever the
-- sender chose so that nothing is told twice.
CREATE TABLE notice_message (
    id       TEXT PRIMARY KEY,
    key      TEXT NOT NULL,
    template TEXT NOT NULL,
    topic    TEXT NOT NULL,
    account  TEXT NOT NULL,
    member   TEXT NOT NULL,
    language TEXT NOT NULL,
    urgent   BOOLEAN NOT NULL,
    sealed   BYTEA,
    made_at  BIGINT NOT NULL,
    read_at  BIGINT
);
CREATE UNIQUE INDEX notice_message_key ON notice_message (key);
CREATE INDEX notice_message_account ON notice_message (account, made_at);
CREATE INDEX notice_message_made ON notice_message (made_at);

-- The fate of a message on one channel. A job whose round is not that of the row does nothing.
CREATE TABLE notice_delivery (
    id         TEXT PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES notice_message (id) ON DELETE CASCADE,
    channel    TEXT NOT NULL,
    state      TEXT NOT NULL,
    round      BIGINT NOT NULL DEFAULT 0,
    attempts   BIGINT NOT NULL DEFAULT 0,
    why        TEXT NOT NULL DEFAULT '',
    code       TEXT NOT NULL DEFAULT '',
    due_at     BIGINT,
    touched_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE UNIQUE INDEX notice_delivery_message ON notice_delivery (message_id, channel);
CREATE INDEX notice_delivery_state ON notice_delivery (state, touched_at);

-- What the owner of an account does not want on a channel; what has no row is wanted.
CREATE TABLE notice_preference (
    account TEXT NOT NULL,
    topic   TEXT NOT NULL,
    channel TEXT NOT NULL,
    wanted  BOOLEAN NOT NULL,
    PRIMARY KEY (account, topic, channel)
);

-- Quiet hours as minutes of the day; who has no row has the usual ones.
CREATE TABLE notice_quiet (
    account TEXT PRIMARY KEY,
    enabled BOOLEAN NOT NULL,
    start   BIGINT NOT NULL,
    finish  BIGINT NOT NULL,
    zone    TEXT NOT NULL
);

-- Browsers that show messages. The index is blind; where the push service is and its keys are sealed.
CREATE TABLE notice_subscription (
    id       TEXT PRIMARY KEY,
    account  TEXT NOT NULL,
    endpoint BYTEA NOT NULL,
    sealed   BYTEA NOT NULL,
    device   TEXT NOT NULL,
    made_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX notice_subscription_endpoint ON notice_subscription (endpoint);
CREATE INDEX notice_subscription_account ON notice_subscription (account);
