-- Calls that come in. Whoever answers a survey in one has an attempt like any other, which costs none of the caps: they rang us.
ALTER TABLE survey.attempt ADD COLUMN inbound boolean NOT NULL DEFAULT false;

-- A call to the centre: who rang (NULL: a number we do not know), what they chose, and what the menu said last.
CREATE TABLE survey.inbound_call (
    call_sid   text PRIMARY KEY,
    centre_code text NOT NULL REFERENCES survey.centre,
    person_id  bigint REFERENCES survey.person,
    began_at   timestamptz NOT NULL,
    chose      text,                     -- answer, call_me, message, stop, person; NULL: nothing yet
    repeats    int NOT NULL DEFAULT 0,
    attempt_id bigint REFERENCES survey.attempt,
    ended_at   timestamptz
);
CREATE INDEX inbound_call_person ON survey.inbound_call (person_id);

-- Every request of such a call while it is in the menu, once, with the reply it got. What is said after it belongs to an interview
-- and stands in survey.input.
CREATE TABLE survey.inbound_step (
    call_sid     text NOT NULL REFERENCES survey.inbound_call,
    step         int  NOT NULL,
    said         text NOT NULL,
    reply        text NOT NULL,
    arrived_at   timestamptz NOT NULL,
    arrived_real timestamptz NOT NULL,
    PRIMARY KEY (call_sid, step)
);
