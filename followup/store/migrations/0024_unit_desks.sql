-- Units that work at a desk of their own: which account works for which unit, what it did there, and more time that a lead asks for.

-- One unit for one account; a role alone (survey.account_role) opens nothing of a unit's.
CREATE TABLE followup.unit_account (
    account_id bigint PRIMARY KEY REFERENCES survey.account,
    unit_code  text   NOT NULL REFERENCES followup.unit,
    linked_at  timestamptz NOT NULL,
    linked_by  text   NOT NULL
);
CREATE INDEX unit_account_unit ON followup.unit_account (unit_code);

-- The events of a case name the unit; which of its people acted stands here.
CREATE TABLE followup.unit_act (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES survey.account,
    unit_code  text   NOT NULL REFERENCES followup.unit,
    case_id    bigint NOT NULL REFERENCES followup.case_file,
    round      int    NOT NULL,
    act        text   NOT NULL CHECK (act IN ('sign', 'return', 'ask_time', 'plan', 'part', 'report', 'call', 'answer')),
    at         timestamptz NOT NULL
);
CREATE INDEX unit_act_case ON followup.unit_act (case_id);

-- A lead asks for more time; the supervision office grants it (followup.extension) or says why not. One at a time waits.
CREATE TABLE followup.extension_request (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     bigint NOT NULL REFERENCES followup.case_file,
    round       int    NOT NULL,
    unit_code   text   NOT NULL REFERENCES followup.unit,
    days        int    NOT NULL CHECK (days > 0),             -- working days
    reason      text   NOT NULL CHECK (reason <> ''),
    asked_at    timestamptz NOT NULL,
    decision    text CHECK (decision IN ('granted', 'denied')),
    decided_by  text,
    decided_at  timestamptz,
    decided_why text,
    CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)),
    CHECK (decision <> 'denied' OR decided_why <> '')
);
CREATE UNIQUE INDEX extension_request_one_open ON followup.extension_request (case_id) WHERE decision IS NULL;
