-- The field: campaigns, whom they ask, each contact and attempt, what was said, and what is owed.

CREATE TABLE survey.questionnaire (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code      text  NOT NULL,
    version   int   NOT NULL,
    sha256    text  NOT NULL,
    body      jsonb NOT NULL,
    frozen_at timestamptz NOT NULL,
    UNIQUE (code, version)
);

CREATE TABLE survey.campaign (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_code      text NOT NULL REFERENCES survey.centre,
    code             text NOT NULL,
    name_zh          text NOT NULL,
    purpose          text NOT NULL CHECK (purpose IN ('survey', 'case')),
    questionnaire_id bigint NOT NULL REFERENCES survey.questionnaire,
    modes            text[] NOT NULL,    -- in the order they are tried: voice, text, operator
    seed             bigint NOT NULL,
    opens_at         timestamptz NOT NULL,
    closes_at        timestamptz,        -- the wave's end; NULL: a standing campaign
    status           text NOT NULL DEFAULT 'running' CHECK (status IN ('draft', 'running', 'paused', 'closed')),
    draw             jsonb NOT NULL DEFAULT '{}',   -- frame hash, key id, start, n and N by stratum: the draw can be repeated
    UNIQUE (centre_code, code)
);

-- A person to be asked once in a campaign. `due_at` is what is owed, `version` the fence of whoever acts on it.
CREATE TABLE survey.sample_unit (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref          text   NOT NULL UNIQUE,
    centre_code  text   NOT NULL REFERENCES survey.centre,
    campaign_id  bigint NOT NULL REFERENCES survey.campaign,
    person_id    bigint NOT NULL REFERENCES survey.person,
    area_code    text   NOT NULL REFERENCES survey.area,
    external_key text   NOT NULL,        -- makes putting the same person in twice harmless
    prn          double precision NOT NULL,
    base_weight  double precision NOT NULL DEFAULT 1,
    facts        jsonb  NOT NULL DEFAULT '{}',      -- what prompts may pipe in
    status       text   NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'in_contact', 'done')),
    next_mode    text   CHECK (next_mode IN ('voice', 'text', 'operator')),
    due_at       timestamptz,
    version      int    NOT NULL DEFAULT 0,
    disposition  text   NOT NULL DEFAULT 'not_attempted',
    released_at  timestamptz NOT NULL,
    done_at      timestamptz,
    UNIQUE (campaign_id, external_key),
    CHECK ((status = 'waiting') = (due_at IS NOT NULL AND next_mode IS NOT NULL)),
    CHECK ((status = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX sample_unit_due ON survey.sample_unit (next_mode, due_at, prn) WHERE status = 'waiting';
CREATE INDEX sample_unit_person ON survey.sample_unit (person_id);

-- One conversation with one person: one call, or one text thread. At most one is open per person, over all purposes.
CREATE TABLE survey.contact (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id  bigint NOT NULL REFERENCES survey.person,
    purpose    text   NOT NULL,
    mode       text   NOT NULL CHECK (mode IN ('voice', 'text', 'operator')),
    opened_at  timestamptz NOT NULL,
    expires_at timestamptz,              -- text threads: when waiting ends
    closed_at  timestamptz,
    CHECK (closed_at IS NULL OR closed_at >= opened_at)
);
CREATE UNIQUE INDEX contact_one_open ON survey.contact (person_id) WHERE closed_at IS NULL;
CREATE INDEX contact_expiry ON survey.contact (expires_at) WHERE closed_at IS NULL AND expires_at IS NOT NULL;
CREATE INDEX contact_person ON survey.contact (person_id);

-- One dialled call, or one text invitation (settled.md §5). Committed as `dialing` before the carrier is asked, so that no crash
-- rings anybody twice; `unknown` until the carrier has been asked what became of it.
CREATE TABLE survey.attempt (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref          text   NOT NULL UNIQUE,
    contact_id   bigint NOT NULL REFERENCES survey.contact,
    person_id    bigint NOT NULL REFERENCES survey.person,
    unit_id      bigint NOT NULL REFERENCES survey.sample_unit,
    purpose      text   NOT NULL,
    mode         text   NOT NULL CHECK (mode IN ('voice', 'text', 'operator')),
    operator     text,
    status       text   NOT NULL CHECK (status IN ('dialing', 'unknown', 'accepted', 'ringing', 'answered', 'ended')),
    sid          text   UNIQUE,
    dialing_at   timestamptz NOT NULL,
    lease_real   timestamptz,            -- real time: until when the worker that is asking the carrier may be waited for
    check_at     timestamptz,            -- when to ask the carrier, should no webhook come
    answered_at  timestamptz,
    ended_at     timestamptz,
    day          date   NOT NULL,        -- local to the area
    day_part     text   NOT NULL,
    carrier_word text,                   -- the carrier's last word on it
    error_code   int,
    disposition  text,
    counts       boolean NOT NULL DEFAULT true,
    CHECK ((status = 'ended') = (ended_at IS NOT NULL))
);
CREATE INDEX attempt_person ON survey.attempt (person_id, dialing_at);
CREATE INDEX attempt_contact ON survey.attempt (contact_id);
CREATE INDEX attempt_unit ON survey.attempt (unit_id);
CREATE INDEX attempt_check ON survey.attempt (check_at) WHERE status <> 'ended';
CREATE INDEX attempt_at_desk ON survey.attempt (operator) WHERE status <> 'ended' AND operator IS NOT NULL;
CREATE INDEX attempt_unsettled ON survey.attempt (dialing_at) WHERE status IN ('dialing', 'unknown');

-- When each channel may be handed its next batch: minutes of work at a time, at the carrier's pace.
CREATE TABLE survey.pace (
    channel text PRIMARY KEY CHECK (channel IN ('voice', 'text')),
    next_at timestamptz NOT NULL
);
INSERT INTO survey.pace VALUES ('voice', '1970-01-01Z'), ('text', '1970-01-01Z');

-- The dialogue with one unit inside a contact. A contact that covers several cases holds several, one after the other.
CREATE TABLE survey.interview (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref              text   NOT NULL UNIQUE,
    contact_id       bigint NOT NULL REFERENCES survey.contact,
    unit_id          bigint NOT NULL REFERENCES survey.sample_unit,
    position         int    NOT NULL,
    questionnaire_id bigint NOT NULL REFERENCES survey.questionnaire,
    mode             text   NOT NULL,
    lang             text   NOT NULL,
    state            text,               -- the dialogue's state; NULL until it is its turn
    status           text   NOT NULL DEFAULT 'waiting',   -- waiting, open, or the dialogue's final status
    outcome          text,               -- what this contact came to for this unit; NULL while it lasts
    told_at          timestamptz,
    told_text        text,
    opened_at        timestamptz,
    ended_at         timestamptz,
    UNIQUE (contact_id, position)
);
CREATE INDEX interview_unit ON survey.interview (unit_id);

-- Every input that reached us, once, with its effect and the reply it got (the same request again gets the same reply).
CREATE TABLE survey.input (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id    bigint REFERENCES survey.person,
    contact_id   bigint REFERENCES survey.contact,
    interview_id bigint REFERENCES survey.interview,
    channel      text NOT NULL CHECK (channel IN ('voice', 'text', 'operator')),
    call_sid     text,
    step         int,
    message_sid  text UNIQUE,
    said         text NOT NULL,          -- keys, the text's body, the operator's choice; '' is silence
    effect       text NOT NULL,
    reply        text NOT NULL,
    arrived_at   timestamptz NOT NULL,
    arrived_real timestamptz NOT NULL,
    UNIQUE (call_sid, step)
);
CREATE INDEX input_contact ON survey.input (contact_id);

CREATE TABLE survey.answer (
    interview_id bigint NOT NULL REFERENCES survey.interview,
    question_id  text   NOT NULL,
    revision     int    NOT NULL DEFAULT 1,
    code         text,
    words        text,
    input_id     bigint NOT NULL REFERENCES survey.input,
    at           timestamptz NOT NULL,
    PRIMARY KEY (interview_id, question_id, revision),
    CHECK (code IS NOT NULL OR words IS NOT NULL)
);

-- Texts that we sent. Invitations carry their attempt; replies carry the input they answer.
CREATE TABLE survey.text_out (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id bigint REFERENCES survey.contact,
    attempt_id bigint REFERENCES survey.attempt,
    input_id   bigint REFERENCES survey.input,
    body       text NOT NULL,
    segments   int  NOT NULL,
    at         timestamptz NOT NULL
);

-- Texts that belong to no open contact; a person reads them.
CREATE TABLE survey.inbox_text (
    input_id  bigint PRIMARY KEY REFERENCES survey.input,
    reason    text NOT NULL,             -- unknown_sender, no_open_contact, too_late
    read_by   text,
    read_at   timestamptz
);

-- What must reach a person, with its due time.
CREATE TABLE survey.handover (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id    bigint NOT NULL REFERENCES survey.person,
    interview_id bigint REFERENCES survey.interview,
    reason       text NOT NULL,
    raised_at    timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    resolved_at  timestamptz,
    resolved_by  text
);

CREATE TABLE survey.unit_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id    bigint NOT NULL REFERENCES survey.sample_unit,
    at         timestamptz NOT NULL,
    from_status text,
    to_status  text NOT NULL,
    why        text NOT NULL,
    attempt_id bigint REFERENCES survey.attempt,
    disposition text NOT NULL
);
CREATE INDEX unit_event_unit ON survey.unit_event (unit_id);

-- What the carrier said and nothing maps: parked and shown, never dropped.
CREATE TABLE survey.parked_signal (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    body jsonb NOT NULL,
    at   timestamptz NOT NULL
);

-- Results travel up as rows. A consumer keeps its own table of the ids it has taken.
CREATE TABLE survey.outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic        text   NOT NULL CHECK (topic IN ('interview_finished', 'unit_finished')),
    unit_id      bigint NOT NULL REFERENCES survey.sample_unit,
    interview_id bigint REFERENCES survey.interview,
    purpose      text   NOT NULL,
    at           timestamptz NOT NULL,
    arrived_real timestamptz,            -- when the answer's webhook arrived, real time: flag time is measured from here
    consumed     boolean NOT NULL DEFAULT false  -- set by the consumer in the write of the effect; only narrows the search
);
CREATE INDEX outbox_open ON survey.outbox (id) WHERE NOT consumed;

-- Standing duties of the day and when each was last done (the list before the shift, the morning report).
CREATE TABLE survey.daily_duty (
    centre_code text NOT NULL REFERENCES survey.centre,
    duty        text NOT NULL,
    day         date NOT NULL,
    done_at     timestamptz NOT NULL,
    PRIMARY KEY (centre_code, duty, day)
);

-- When the day's list of each centre is built next.
CREATE TABLE survey.daily_round (
    centre_code text PRIMARY KEY REFERENCES survey.centre,
    next_at     timestamptz NOT NULL
);

-- When the carrier is next asked for texts whose webhook was lost on the way, and since when.
CREATE TABLE survey.text_poll (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    since   timestamptz NOT NULL,
    next_at timestamptz NOT NULL
);
