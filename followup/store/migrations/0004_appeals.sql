-- What a resident raises: the appeal behind a case, its safe way of contact, relayed questions.

ALTER TABLE followup.unit ADD COLUMN parent_code text REFERENCES followup.unit;   -- the unit it belongs to

-- A case of a survey interview: which, nobody needs to know. This table keeps the one from becoming two, and is the only one that
-- joins an answer to a survey with a case; `case_id` is emptied once the link is due (policy `appeals`), the row stays for ever.
CREATE TABLE followup.interview_case (
    interview_id bigint PRIMARY KEY,
    case_id      bigint UNIQUE REFERENCES followup.case_file,
    linked_at    timestamptz NOT NULL,
    forget_at    timestamptz NOT NULL
);
CREATE INDEX interview_case_due ON followup.interview_case (forget_at) WHERE case_id IS NOT NULL;
INSERT INTO followup.interview_case (interview_id, case_id, linked_at, forget_at)
SELECT interview_id, id, received_at, received_at + interval '60 days' FROM followup.case_file
WHERE interview_id IS NOT NULL;

ALTER TABLE followup.case_file
    DROP COLUMN interview_id,
    DROP CONSTRAINT case_file_source_check,
    ADD CHECK (source IN ('outbound', 'inbound', 'text', 'visit', 'import', 'api')),
    ADD CHECK (person_id IS NULL OR anonymity <> 'anonymous');

-- First asked, first responsible (首问首办): somebody from the first moment, and the same for good.
UPDATE followup.case_file SET first_handler = 'centre' WHERE first_handler IS NULL;
ALTER TABLE followup.case_file
    ALTER COLUMN first_handler SET DEFAULT 'centre',
    ALTER COLUMN first_handler SET NOT NULL;

CREATE FUNCTION followup.first_handler_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'case %: the first handler % stays (首问首办)', old.number, old.first_handler
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER first_handler_stays BEFORE UPDATE ON followup.case_file
    FOR EACH ROW WHEN (old.first_handler IS DISTINCT FROM new.first_handler)
    EXECUTE FUNCTION followup.first_handler_stays();

-- What was raised, one row a case that was registered here.
CREATE TABLE followup.appeal (
    case_id     bigint PRIMARY KEY REFERENCES followup.case_file,
    title       text NOT NULL,
    place       text NOT NULL,            -- in the resident's words; the area is the case's
    occurred_at timestamptz,
    group_size  int  NOT NULL CHECK (group_size >= 1),
    repeat_of   bigint REFERENCES followup.case_file CHECK (repeat_of <> case_id),
    consented_at timestamptz NOT NULL,    -- the resident agreed that it is registered and handed on
    no_texts    boolean NOT NULL,         -- the safe way of contact: never by text …
    contact_from  time,                   -- … only from this local time …
    contact_until time,                   -- … until this one …
    trusted_person_id bigint REFERENCES survey.person,   -- … or another person in the resident's place
    criticised_centre boolean NOT NULL,   -- the centre itself is criticised, which is no unit
    CHECK ((contact_from IS NULL) = (contact_until IS NULL)),
    CHECK (contact_from < contact_until)
);
CREATE INDEX case_file_received ON followup.case_file (centre_code, received_at);

-- Appeals that were not accepted (不予受理), each time with what was said and when. A reopened case keeps them.
CREATE TABLE followup.not_accepted (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     bigint NOT NULL REFERENCES followup.case_file,
    ground      text NOT NULL,            -- of policy `not_accepted`
    explanation text NOT NULL CHECK (explanation <> ''),
    channel     text NOT NULL CHECK (channel <> ''),
    told_at     timestamptz NOT NULL,     -- when the resident was told
    by          text NOT NULL,
    reviewed_by text NOT NULL CHECK (reviewed_by <> by),
    at          timestamptz NOT NULL CHECK (told_at <= at)
);
CREATE INDEX not_accepted_case ON followup.not_accepted (case_id);

-- Direct answers (直接答复): what was said, out of which entry of the knowledge base, and whether the resident is asked about it.
CREATE TABLE followup.direct_answer (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id      bigint NOT NULL REFERENCES followup.case_file,
    words        text NOT NULL CHECK (words <> ''),
    knowledge_id text,
    on_the_spot  boolean NOT NULL,        -- 当场解决
    sampled      boolean NOT NULL,        -- a callback asks about it
    by           text NOT NULL,
    at           timestamptz NOT NULL
);
CREATE INDEX direct_answer_case ON followup.direct_answer (case_id);

-- Who has a stake in a matter (利害关系人): a unit by its code, a person by their sign. They neither handle nor read it.
CREATE TABLE followup.case_party (
    case_id bigint NOT NULL REFERENCES followup.case_file,
    party   text NOT NULL CHECK (party <> ''),
    reason  text NOT NULL CHECK (reason <> ''),
    by      text NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (case_id, party)
);

-- Questions of a unit to a resident whom it must not know (保密), through the centre: approved, asked, answered, and only then passed on.
CREATE TABLE followup.relay (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     bigint NOT NULL REFERENCES followup.case_file,
    serial      int    NOT NULL,          -- of this case
    round       int    NOT NULL,
    unit_code   text   NOT NULL REFERENCES followup.unit,
    question    text   NOT NULL CHECK (question <> ''),
    asked_at    timestamptz NOT NULL,
    decided_by  text,                     -- who approved it, or did not
    decided_at  timestamptz,
    refused_why text,
    put_as      text,                     -- the question as the centre puts it
    answer      text,                     -- what the resident said: the centre's alone
    answered_by text,                     -- who asked the resident
    answered_at timestamptz,
    passed      text,                     -- what of it the unit reads
    UNIQUE (case_id, serial),
    CHECK ((decided_at IS NULL) = (refused_why IS NULL AND put_as IS NULL)),
    CHECK (refused_why IS NULL OR put_as IS NULL),
    CHECK (answer IS NULL OR put_as IS NOT NULL),
    CHECK ((answer IS NULL) = (passed IS NULL) AND (answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX relay_open ON followup.relay (asked_at) WHERE answer IS NULL AND refused_why IS NULL;

-- Masked calls between a unit and a resident: asked for, used once before they expire, and then the proof that they spoke.
CREATE TABLE followup.bridge (
    ref          text PRIMARY KEY,
    case_id      bigint NOT NULL REFERENCES followup.case_file,
    round        int    NOT NULL,
    unit_code    text   NOT NULL REFERENCES followup.unit,
    requested_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at > requested_at),
    begun_at     timestamptz CHECK (begun_at < expires_at),
    ended_at     timestamptz,
    seconds      int CHECK (seconds >= 0),     -- for which both were connected
    CHECK ((ended_at IS NULL) = (seconds IS NULL)),
    CHECK (ended_at IS NULL OR begun_at IS NOT NULL)
);
CREATE INDEX bridge_case ON followup.bridge (case_id, round);
