-- Following up: units, cases and their rounds, callbacks, flags and decisions. May reference survey; survey never references this.

CREATE SCHEMA followup;

CREATE TABLE followup.unit (
    code        text PRIMARY KEY,
    centre_code text NOT NULL REFERENCES survey.centre,
    name_zh     text NOT NULL,
    kind        text NOT NULL,
    area_code   text NOT NULL REFERENCES survey.area
);

CREATE TABLE followup.case_serial (
    centre_code text NOT NULL,
    day         date NOT NULL,
    last        int  NOT NULL,
    PRIMARY KEY (centre_code, day)
);

CREATE TABLE followup.case_file (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number        text NOT NULL UNIQUE,
    short_number  text NOT NULL,          -- the four digits a resident hears
    query_code    text NOT NULL UNIQUE,
    centre_code   text NOT NULL REFERENCES survey.centre,
    source        text NOT NULL CHECK (source IN ('outbound', 'inbound', 'text', 'visit', 'import')),
    external_number text,                 -- the other platform's number
    person_id     bigint REFERENCES survey.person,
    interview_id  bigint UNIQUE,          -- of the survey call it came from; consent is its Q12
    batch_id      bigint REFERENCES survey.import_batch,
    content       text NOT NULL,
    category      text NOT NULL,
    duty_no       int  NOT NULL CHECK (duty_no BETWEEN 1 AND 10),
    kind          text NOT NULL,
    area_code     text NOT NULL REFERENCES survey.area,
    status        text NOT NULL,
    ending        text,
    round         int  NOT NULL DEFAULT 1,
    received_at   timestamptz NOT NULL,
    due_at        timestamptz,            -- of the step it waits for: accept, dispatch, sign, result
    limit_hours   double precision,       -- working hours allowed in this round
    policy_version int NOT NULL,
    closed_at     timestamptz,
    UNIQUE (centre_code, external_number)
);
CREATE INDEX case_file_person ON followup.case_file (person_id);

CREATE TABLE followup.case_event (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id  bigint NOT NULL REFERENCES followup.case_file,
    round    int    NOT NULL,
    event    text   NOT NULL,
    from_status text,
    to_status text  NOT NULL,
    actor    text   NOT NULL,
    reason   text,
    at       timestamptz NOT NULL
);
CREATE INDEX case_event_case ON followup.case_event (case_id);

CREATE TABLE followup.assignment (
    case_id       bigint NOT NULL REFERENCES followup.case_file,
    round         int    NOT NULL,
    unit_code     text   NOT NULL REFERENCES followup.unit,
    role          text   NOT NULL CHECK (role IN ('lead', 'assist')),
    dispatched_at timestamptz NOT NULL,
    signed_at     timestamptz,
    due_at        timestamptz,
    PRIMARY KEY (case_id, round, unit_code)
);
CREATE UNIQUE INDEX assignment_one_lead ON followup.assignment (case_id, round) WHERE role = 'lead';

CREATE TABLE followup.result (
    case_id         bigint NOT NULL REFERENCES followup.case_file,
    round           int    NOT NULL,
    unit_code       text   NOT NULL REFERENCES followup.unit,
    reported_at     timestamptz NOT NULL,
    result_summary  text   NOT NULL,      -- plain words, approved by the centre, no personal data: what the resident is told
    claimed_contact boolean NOT NULL,
    accepted_at     timestamptz,
    PRIMARY KEY (case_id, round)
);

-- The satisfaction call owed for every result, once per case and round.
CREATE TABLE followup.callback (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id      bigint NOT NULL REFERENCES followup.case_file,
    round        int    NOT NULL,
    unit_ref     text   UNIQUE,           -- the sample unit in survey; NULL: not suitable
    status       text   NOT NULL CHECK (status IN ('pending', 'settled', 'not_suitable')),
    created_at   timestamptz NOT NULL,
    settled_at   timestamptz,
    interview_id bigint,
    mode         text,
    reached      boolean,
    told_at      timestamptz,
    told_text    text,
    answers      jsonb,                   -- the first rating, never changed
    words        text,                    -- the resident's own words (C5)
    verdict_line int,
    verdict      text,
    reasons      text[] NOT NULL DEFAULT '{}',
    flagged      boolean NOT NULL DEFAULT false,
    counted_as   text,
    answer_real  timestamptz,             -- real time the answer's webhook arrived
    flagged_real timestamptz,             -- real time the flag was committed
    decision     text CHECK (decision IN ('redispatch', 'reject')),
    decided_by   text,
    decided_at   timestamptz,
    decision_reason text,
    decision_due_at timestamptz,          -- when it goes to the next post
    decision_post   text,                 -- whose decision it waits for: supervisor, deputy, director, meeting
    waits_since     timestamptz,          -- from when that decision can be expected: the flag; if by text, the call below, at most 24 h
    -- The call of a person that a flag by text brings. It helps to decide and never changes the rating above.
    verify_unit_ref  text UNIQUE,         -- its sample unit in survey
    verified_at      timestamptz,         -- when it was over, with or without anybody reached
    verified_answers jsonb,               -- what was said in it
    verified_by_mode text,
    verified_by      text,                -- the operator who called
    verify_outcome   text,                -- its disposition in survey: complete, no_answer, ...
    UNIQUE (case_id, round),
    CHECK ((status = 'settled') = (settled_at IS NOT NULL)),
    CHECK (decision IS NULL OR flagged),
    CHECK (verify_unit_ref IS NULL OR flagged),
    CHECK ((verified_at IS NULL) = (verify_outcome IS NULL)),
    CHECK (verified_at IS NULL OR verify_unit_ref IS NOT NULL)
);
CREATE INDEX callback_waiting ON followup.callback (decision_due_at) WHERE flagged AND decision IS NULL;
CREATE INDEX callback_unstamped ON followup.callback (id) WHERE flagged AND flagged_real IS NULL;

-- Which outbox rows have been taken; written in the transaction of the effect.
CREATE TABLE followup.inbox (
    outbox_id bigint PRIMARY KEY,
    taken_at  timestamptz NOT NULL
);
