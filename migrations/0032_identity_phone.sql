-- SPDX-License-Identifier: EUPL-1.2

-- The telephone that text messages go to, sealed by the vault; none until its owner has typed the code
-- that was sent there.
ALTER TABLE identity_account ADD COLUMN phone BYTEA;
