-- Units whose own system speaks Open311 GeoReport v2, and the requests that their cases are there (docs/decisions/0033).

CREATE TABLE followup.open311_endpoint (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref          text NOT NULL UNIQUE,
    centre_code  text NOT NULL REFERENCES survey.centre,
    unit_code    text NOT NULL REFERENCES followup.unit,
    url          text NOT NULL,
    jurisdiction text,
    api_key      bytea,                       -- sealed by the vault
    services     jsonb NOT NULL,              -- our category or group of categories, or "*": their service_code
    attributes   jsonb NOT NULL DEFAULT '{}', -- attribute[...] that each request carries
    added_at     timestamptz NOT NULL,
    added_by     text NOT NULL,
    removed_at   timestamptz,
    removed_by   text
);
CREATE UNIQUE INDEX open311_endpoint_one ON followup.open311_endpoint (unit_code) WHERE removed_at IS NULL;

-- A round of a case at an endpoint, once. `state`: owed; sending, committed before the endpoint is asked; unsure, as no answer came;
-- taken, under `request_id` or, until there is one, `token`; closed there; refused; over, as the case went another way. `due_at`:
-- what comes next by itself; NULL: nothing, a person decides or it is done.
CREATE TABLE followup.forwarded (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id  bigint NOT NULL REFERENCES followup.open311_endpoint,
    case_id      bigint NOT NULL REFERENCES followup.case_file,
    round        int NOT NULL,
    state        text NOT NULL DEFAULT 'owed'
                 CHECK (state IN ('owed', 'sending', 'unsure', 'taken', 'closed', 'refused', 'over')),
    due_at       timestamptz,
    tries        int NOT NULL DEFAULT 0,
    sent_at      timestamptz,
    request_id   text,
    token        text,
    their_status text,
    their_notes  text,
    answer       text NOT NULL DEFAULT '',
    UNIQUE (endpoint_id, case_id, round)
);
CREATE INDEX forwarded_due ON followup.forwarded (due_at) WHERE due_at IS NOT NULL;
