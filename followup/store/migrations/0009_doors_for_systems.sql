-- Doors for other systems: keys, idempotency, subscriptions and their deliveries, Open311.

CREATE TABLE followup.api_key (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref         text NOT NULL UNIQUE,     -- its public half: lists and audit rows name it by this
    secret_hash bytea NOT NULL,           -- SHA-256 of the secret half, which is 256 random bits and shown once
    centre_code text NOT NULL REFERENCES survey.centre,
    unit_code   text REFERENCES followup.unit,   -- of a unit's own system: it sees and moves that unit's cases only
    name        text NOT NULL,
    scopes      text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    revoked_by  text,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

-- An answer that was given, so that the same request gets it again. The request itself is not kept, only its fingerprint
-- under the key's secret: nobody who reads this table can guess a number out of it.
CREATE TABLE followup.api_answer (
    key_id      bigint NOT NULL REFERENCES followup.api_key,
    idempotency_key text NOT NULL,
    fingerprint bytea NOT NULL,
    status      int,
    body        jsonb,
    at          timestamptz NOT NULL,
    PRIMARY KEY (key_id, idempotency_key)
);
CREATE INDEX api_answer_at ON followup.api_answer (at);

-- Who read or moved which case through a door for systems.
CREATE TABLE followup.api_access (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id     bigint NOT NULL REFERENCES followup.api_key,
    case_id    bigint NOT NULL REFERENCES followup.case_file,
    operation  text NOT NULL,
    request_id text NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX api_access_case ON followup.api_access (case_id);

-- Who is told of what happens to cases, and where.
CREATE TABLE followup.subscription (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref           text NOT NULL UNIQUE,
    centre_code   text NOT NULL REFERENCES survey.centre,
    unit_code     text REFERENCES followup.unit,
    url           text NOT NULL,
    types         text[] NOT NULL CHECK (cardinality(types) > 0),
    secret        bytea NOT NULL,         -- sealed by the vault; what deliveries are signed with
    older_secret  bytea,                  -- until the receiver has changed over, each delivery is signed with both
    status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'stopped')),
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL,
    settled_event bigint NOT NULL,        -- of events up to this one none can come late any more
    looked_event  bigint NOT NULL         -- the newest event at the last look
);

-- One row per event that a subscriber is to be told: the inbox of the outbox `case_event`.
CREATE TABLE followup.delivery (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref             text NOT NULL UNIQUE,     -- the id by which the receiver knows a repetition
    subscription_id bigint NOT NULL REFERENCES followup.subscription,
    event_id        bigint NOT NULL REFERENCES followup.case_event,
    case_id         bigint NOT NULL REFERENCES followup.case_file,
    type            text NOT NULL,
    status          text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'dead')),
    tries           int NOT NULL DEFAULT 0,
    next_at         timestamptz,              -- when it is tried (again); moved on while somebody is at it
    last_answer     text,                     -- status or error of the last try
    over_at         timestamptz,              -- delivered or given up
    UNIQUE (subscription_id, event_id, type),
    CHECK ((status = 'waiting') = (next_at IS NOT NULL)),
    CHECK ((status = 'waiting') = (over_at IS NULL))
);
CREATE INDEX delivery_waiting ON followup.delivery (next_at) WHERE status = 'waiting';
CREATE INDEX delivery_in_order ON followup.delivery (subscription_id, case_id, event_id) WHERE status = 'waiting';
