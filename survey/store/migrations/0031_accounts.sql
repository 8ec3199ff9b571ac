-- People with accounts: who may use the pages, in which role and where; how they signed in; what they saw (docs/access.md).

-- `name`: what is typed at the sign-in, the staff number (工号) or a short name. `totp_step`: the time step of the last code that was
-- used, so that none is taken twice. `password_at`: when the password was set; a first one is good for some days only.
CREATE TABLE survey.account (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text NOT NULL UNIQUE CHECK (name = lower(name)),
    called         text NOT NULL,
    employment     text NOT NULL CHECK (employment IN ('staff', 'contractor')),
    password_hash  text NOT NULL,
    password_at    timestamptz NOT NULL,
    must_change    boolean NOT NULL,
    totp_cipher    bytea,
    totp_step      bigint NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    created_by     text NOT NULL,
    disabled_at    timestamptz
);

CREATE TABLE survey.account_role (
    account_id bigint NOT NULL REFERENCES survey.account,
    role       text NOT NULL,
    area_code  text NOT NULL REFERENCES survey.area,
    PRIMARY KEY (account_id, role, area_code)
);

-- Only the hash of the random token that the browser holds. `code_at`: when the second factor was given. `offered_cipher`: the
-- secret of a second factor that is being set up.
CREATE TABLE survey.account_session (
    token_hash     bytea PRIMARY KEY,
    account_id     bigint NOT NULL REFERENCES survey.account,
    began_at       timestamptz NOT NULL,
    seen_at        timestamptz NOT NULL,
    code_at        timestamptz,
    offered_cipher bytea
);
CREATE INDEX account_session_account ON survey.account_session (account_id);

CREATE TABLE survey.account_recovery (
    code_hash  bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES survey.account
);
CREATE INDEX account_recovery_account ON survey.account_recovery (account_id);

-- Wrong entries that still count. By a keyed hash of the name, so that names that there are not are locked like the others.
CREATE TABLE survey.sign_in_failure (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name_token bytea NOT NULL,
    source     text NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_name ON survey.sign_in_failure (name_token, at);
CREATE INDEX sign_in_failure_source ON survey.sign_in_failure (source, at);

-- What happened to an account and what its holder was refused. `by`: who did it; `source`: the address it came from, '' from the
-- command line. A name that there is not leaves an event without an account: what was typed there may be a password.
CREATE TABLE survey.access_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint REFERENCES survey.account,
    kind       text NOT NULL,
    by         text NOT NULL,
    source     text NOT NULL,
    detail     text NOT NULL DEFAULT '',
    at         timestamptz NOT NULL
);
CREATE INDEX access_event_account ON survey.access_event (account_id, at);

-- Reads of numbers by people with an account say whose account it was.
ALTER TABLE survey.number_access ADD COLUMN account_id bigint REFERENCES survey.account;
