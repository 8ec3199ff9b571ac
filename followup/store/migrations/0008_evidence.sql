-- Callbacks: by when each is owed, rejections that are told, suspected false closings and what became of them, second callbacks.

ALTER TABLE followup.callback ADD COLUMN due_at timestamptz;   -- a working day after the result was accepted

-- The written explanation with which a flag was rejected (解释办结). Signed is not told: only `told_at` says that the resident has it.
CREATE TABLE followup.explanation (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id   bigint NOT NULL REFERENCES followup.case_file,
    round     int    NOT NULL,
    ground    text   NOT NULL,            -- of policy `rejection`
    words     text   NOT NULL,            -- what the resident is told
    signed_by text   NOT NULL,
    second_by text   NOT NULL,
    signed_at timestamptz NOT NULL,
    told_at   timestamptz,
    told_how  text,                       -- text, call, letter, visit
    told_by   text,                       -- who told it; the service itself for a text
    notice_id bigint REFERENCES followup.notice,   -- by which the resident is told, if they read texts
    UNIQUE (case_id, signed_at),
    CHECK (signed_by <> second_by),
    CHECK ((told_at IS NULL) = (told_how IS NULL) AND (told_at IS NULL) = (told_by IS NULL))
);
CREATE INDEX explanation_untold ON followup.explanation (signed_at) WHERE told_at IS NULL;

-- A closing whose claimed contact the resident denies (待核实). What it is stands open until somebody decides.
CREATE TABLE followup.suspicion (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id       bigint NOT NULL REFERENCES followup.case_file,
    round         int    NOT NULL,
    unit_code     text   NOT NULL REFERENCES followup.unit,
    state         text   NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'answered', 'silent', 'false_closing', 'cleared')),
    evidence      jsonb  NOT NULL,        -- as it was when the contact was denied: the unit's claim, the resident's words, our calls
    opened_at     timestamptz NOT NULL,
    remind_at     timestamptz,            -- NULL: reminded, or nothing to remind of any more
    answer_due_at timestamptz NOT NULL,   -- one working day (申辩)
    answered_at   timestamptz,
    answered_by   text,
    answer        text,
    decided_at    timestamptz,
    decided_by    text,
    second_by     text,
    reason        text,
    UNIQUE (case_id, round),
    CHECK ((answered_at IS NULL) = (answer IS NULL)),
    CHECK ((state IN ('false_closing', 'cleared')) = (decided_at IS NOT NULL)),
    CHECK (decided_at IS NULL OR (second_by IS NOT NULL AND decided_by <> second_by AND reason IS NOT NULL))
);
CREATE INDEX suspicion_waiting ON followup.suspicion (answer_due_at) WHERE state = 'asked';

-- Second callbacks (复访): whether a settled dispute has stayed settled. Beside the callbacks, and never a rating.
CREATE TABLE followup.revisit (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id    bigint NOT NULL REFERENCES followup.case_file,
    round      int    NOT NULL,
    days       int    NOT NULL,           -- after the closing
    due_at     timestamptz NOT NULL,
    status     text   NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'asked', 'settled', 'dropped')),
    unit_ref   text   UNIQUE,             -- its sample unit in survey, from the day on
    asked_at   timestamptz,
    settled_at timestamptz,
    outcome    text CHECK (outcome IN ('quiet', 'recurred', 'unreached', 'unrated')),
    mode       text,
    answers    jsonb,
    words      text,
    decision   text CHECK (decision IN ('new_case', 'noted')),   -- on a dispute that has recurred
    decided_by text,
    decided_at timestamptz,
    reason     text,
    new_case_id bigint REFERENCES followup.case_file,
    UNIQUE (case_id, round, days),
    CHECK ((status = 'settled') = (outcome IS NOT NULL)),
    CHECK (decision IS NULL OR outcome = 'recurred'),
    CHECK (new_case_id IS NULL OR decision = 'new_case')
);
CREATE INDEX revisit_planned ON followup.revisit (due_at) WHERE status = 'planned';
