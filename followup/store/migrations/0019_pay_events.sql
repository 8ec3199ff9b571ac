-- Objections to pay leave events in a chain, as decisions on cases do: subject pay:CENTRE:STAFF:MONTH. What is hashed, and why, stands in
-- docs/decisions/0020; followup/casework/pay_chain.py computes the same without this file.

-- `actor`: the surveyor, or who decided; `reason`: their words. `decision`: NULL while it is only raised.
CREATE TABLE followup.pay_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_code text  NOT NULL,
    staff_no    text  NOT NULL,
    month       date  NOT NULL,
    event       text  NOT NULL CHECK (event IN ('objected', 'decided')),
    decision    text,
    actor       text  NOT NULL,
    reason      text  NOT NULL,
    at          timestamptz NOT NULL,
    subject     text  NOT NULL,
    seq         int   NOT NULL,
    prev_hash   bytea NOT NULL,
    hash        bytea NOT NULL,
    UNIQUE (subject, seq),
    CHECK ((event = 'decided') = (decision IS NOT NULL))
);

CREATE FUNCTION followup.pay_event_hash(e followup.pay_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(
        followup.chain_field('minyi pay event 1') || followup.chain_field(e.subject)
        || followup.chain_field(e.seq::text) || e.prev_hash
        || followup.chain_field(e.id::text) || followup.chain_field(e.centre_code) || followup.chain_field(e.staff_no)
        || followup.chain_field(to_char(e.month, 'YYYY-MM-DD')) || followup.chain_field(e.event)
        || followup.chain_field(e.decision) || followup.chain_field(e.actor) || followup.chain_field(e.reason)
        || followup.chain_field(followup.chain_moment(e.at)));
END $$;

CREATE FUNCTION followup.chain_pay_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head followup.chain_head;
BEGIN
    NEW.subject := 'pay:' || NEW.centre_code || ':' || NEW.staff_no || ':' || to_char(NEW.month, 'YYYY-MM');
    SELECT * INTO head FROM followup.chain_head h WHERE h.subject = NEW.subject FOR UPDATE;
    NEW.seq := coalesce(head.seq, 0) + 1;
    NEW.prev_hash := coalesce(head.hash, followup.chain_genesis());
    NEW.hash := followup.pay_event_hash(NEW);
    IF head.seq IS NULL THEN
        INSERT INTO followup.chain_head (subject, centre_code, seq, hash)
        VALUES (NEW.subject, NEW.centre_code, NEW.seq, NEW.hash);
        PERFORM followup.owe_seal(NEW.centre_code, NEW.at);
    ELSE
        UPDATE followup.chain_head h SET seq = NEW.seq, hash = NEW.hash WHERE h.subject = NEW.subject;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER chained BEFORE INSERT ON followup.pay_event
    FOR EACH ROW EXECUTE FUNCTION followup.chain_pay_event();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON followup.pay_event
    FOR EACH STATEMENT EXECUTE FUNCTION followup.only_grows();

-- The account of who decided; NULL where a name was typed, in an installation without accounts.
ALTER TABLE followup.pay_objection ADD COLUMN decided_account bigint REFERENCES survey.account;

-- Objections from before they were chained, in the order in which they happened.
INSERT INTO followup.pay_event (centre_code, staff_no, month, event, decision, actor, reason, at)
SELECT centre_code, staff_no, month, event, decision, actor, reason, at
FROM (SELECT o.id, centre_code, staff_no, month, 'objected' AS event, NULL AS decision, staff_no AS actor, words AS reason, raised_at AS at
      FROM followup.pay_objection o
      UNION ALL
      SELECT o.id, centre_code, staff_no, month, 'decided', decision, decided_by, reason, decided_at
      FROM followup.pay_objection o WHERE decision IS NOT NULL) happened
ORDER BY centre_code, staff_no, month, id, event DESC;
