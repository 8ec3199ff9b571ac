-- Operators who are connected to whoever answers (docs/decisions/0019-how-operators-are-linked.md).

ALTER TABLE survey.campaign ADD COLUMN operator_dialling text NOT NULL DEFAULT 'by_hand'
    CHECK (operator_dialling IN ('by_hand', 'progressive', 'predictive'));

-- linked        the carrier dials, and connects an operator when the person answers; `operator` is empty until then
-- line_over_at  when the person's line was over; the attempt may go on a little, while the operator keys what was said
-- end_line_at   when the carrier is to be asked to end a line whose attempt is over
ALTER TABLE survey.attempt
    ADD COLUMN linked       boolean NOT NULL DEFAULT false,
    ADD COLUMN line_over_at timestamptz,
    ADD COLUMN end_line_at  timestamptz;
CREATE INDEX attempt_linked_open ON survey.attempt (id) WHERE linked AND status <> 'ended';
CREATE INDEX attempt_linked_ended ON survey.attempt (ended_at) WHERE linked AND status = 'ended';
CREATE INDEX attempt_linked_lately ON survey.attempt (dialing_at) WHERE linked;
CREATE INDEX attempt_end_line ON survey.attempt (end_line_at) WHERE end_line_at IS NOT NULL;

-- An operator's own telephone, and where it stands.
--   ref        names the room (a conference) in which they wait; a new one each time they go on duty
--   state      off; wanted: to be called; calling: the carrier is being asked; unknown: it gave no answer; ready; in_call;
--              wrap_up: the person's line is over, the rest is keyed; leaving: their line is to be ended
--   attempt_id whom they are with, while in_call or wrap_up
--   check_at   when the service looks again: to call, to ask the carrier, to end the line
CREATE TABLE survey.linked_operator (
    operator      text PRIMARY KEY,
    ref           text NOT NULL UNIQUE,
    number_cipher bytea NOT NULL,
    state         text NOT NULL
        CHECK (state IN ('off', 'wanted', 'calling', 'unknown', 'ready', 'in_call', 'wrap_up', 'leaving')),
    sid           text,
    called_at     timestamptz,
    lease_real    timestamptz,
    check_at      timestamptz,
    attempt_id    bigint UNIQUE REFERENCES survey.attempt,
    changed_at    timestamptz NOT NULL,
    CHECK ((attempt_id IS NOT NULL) = (state IN ('in_call', 'wrap_up')))
);

CREATE TABLE survey.linked_operator_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator   text NOT NULL REFERENCES survey.linked_operator,
    at         timestamptz NOT NULL,
    left_state text,
    state      text NOT NULL,
    attempt_id bigint REFERENCES survey.attempt
);

CREATE FUNCTION survey.keep_linked_operator_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.linked_operator_event (operator, at, left_state, state, attempt_id)
    VALUES (NEW.operator, NEW.changed_at, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state,
            coalesce(NEW.attempt_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.attempt_id END));
    RETURN NULL;
END $$;
CREATE TRIGGER linked_operator_began AFTER INSERT ON survey.linked_operator
    FOR EACH ROW EXECUTE FUNCTION survey.keep_linked_operator_event();
CREATE TRIGGER linked_operator_moved AFTER UPDATE OF state ON survey.linked_operator
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION survey.keep_linked_operator_event();

-- One row: it keeps two ticks from placing calls for the same operators.
CREATE TABLE survey.linked_pace (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    next_at  timestamptz NOT NULL
);
INSERT INTO survey.linked_pace (next_at) VALUES ('1970-01-01Z');
