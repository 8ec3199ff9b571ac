-- Where an operator's shift stands (docs/decisions/0047-a-break-is-a-state-of-the-shift.md), and what is noted beside a dialogue.
--   state      off; ready; in_call: somebody is in hand; wrap_up: the call is over, the last of it is written down; break
--   why        of a break: asked_for, or abuse: the pause after a call in which the operator was insulted
--   until_at   until when that pause is meant to last; it ends when the operator says so
--   attempt_id whom they have in hand, or had last
CREATE TABLE survey.desk_state (
    operator   text PRIMARY KEY,
    state      text NOT NULL CHECK (state IN ('off', 'ready', 'in_call', 'wrap_up', 'break')),
    why        text NOT NULL DEFAULT '' CHECK (why IN ('', 'asked_for', 'abuse')),
    until_at   timestamptz,
    attempt_id bigint REFERENCES survey.attempt,
    changed_at timestamptz NOT NULL,
    CHECK ((state = 'break') = (why <> '')),
    CHECK (state <> 'in_call' OR attempt_id IS NOT NULL)
);

CREATE TABLE survey.desk_state_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator   text NOT NULL REFERENCES survey.desk_state,
    at         timestamptz NOT NULL,
    left_state text NOT NULL,
    state      text NOT NULL,
    why        text NOT NULL,
    attempt_id bigint REFERENCES survey.attempt
);
CREATE INDEX desk_state_event_operator ON survey.desk_state_event (operator, id);

CREATE FUNCTION survey.keep_desk_state_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.desk_state_event (operator, at, left_state, state, why, attempt_id)
    VALUES (NEW.operator, NEW.changed_at, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state ELSE 'off' END, NEW.state, NEW.why,
            NEW.attempt_id);
    RETURN NULL;
END $$;
CREATE TRIGGER desk_state_began AFTER INSERT ON survey.desk_state
    FOR EACH ROW EXECUTE FUNCTION survey.keep_desk_state_event();
CREATE TRIGGER desk_state_moved AFTER UPDATE OF state ON survey.desk_state
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION survey.keep_desk_state_event();

-- On a break nobody is connected to them. In the row that whoever answers is matched with, so that one of the two waits for the other.
ALTER TABLE survey.linked_operator ADD COLUMN resting boolean NOT NULL DEFAULT false;

-- What operators wrote down about a contact, without numbers; abuse: that they were insulted in it.
CREATE TABLE survey.contact_note (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id  bigint NOT NULL REFERENCES survey.person,
    attempt_id bigint NOT NULL REFERENCES survey.attempt,
    staff      text NOT NULL,
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('note', 'abuse')),
    words      text NOT NULL CHECK (kind = 'abuse' OR words <> '')
);
CREATE INDEX contact_note_person ON survey.contact_note (person_id, id);
