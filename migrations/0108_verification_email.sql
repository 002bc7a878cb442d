-- SPDX-License-Identifier: EUPL-1.2

-- How many questions an address was sent today is looked up with each one.
CREATE INDEX directory_verification_email ON directory_verification (email, asked_at);
