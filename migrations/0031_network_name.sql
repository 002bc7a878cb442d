-- SPDX-License-Identifier: EUPL-1.2

-- What the network calls itself, as the first run asks for it.
ALTER TABLE identity_setup ADD COLUMN network TEXT NOT NULL DEFAULT '';
