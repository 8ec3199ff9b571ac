-- Sanctions on townships and villages (黄牌警告、重点管理、一票否决; R54), which their stars heed: a chain of events by place, under the
-- same seals as those of cases. A row imposes a sanction, or lifts an earlier one of the same place; none is ever altered.

CREATE TABLE followup.sanction_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_code text  NOT NULL REFERENCES survey.centre,
    area_code   text  NOT NULL REFERENCES survey.area,
    kind        text  NOT NULL,           -- a key of policy `stars`
    lifts       int,                      -- place in this chain of the sanction that is lifted; NULL: one is imposed
    what        text  CHECK (what <> ''), -- what happened; said when it is imposed
    from_day    date  NOT NULL,           -- in force from this day on; of a lifting: from then on no more
    to_day      date  CHECK (to_day >= from_day),   -- the last day; NULL: until it is lifted
    concerned   jsonb NOT NULL CHECK (jsonb_array_length(concerned) > 0),   -- whom it concerns, by name; none of them decides
    actor       text  NOT NULL CHECK (actor <> ''),
    reason      text  NOT NULL CHECK (reason <> ''),
    at          timestamptz NOT NULL,
    policy_version int NOT NULL,
    subject     text  NOT NULL,
    seq         int   NOT NULL,           -- 1, 2, ... of this place
    prev_hash   bytea NOT NULL,
    hash        bytea NOT NULL,
    UNIQUE (subject, seq),
    UNIQUE (area_code, lifts),            -- lifted once
    CHECK ((what IS NULL) = (lifts IS NOT NULL)),
    CHECK (lifts IS NULL OR to_day IS NULL),
    CHECK (NOT concerned ? actor)
);
CREATE INDEX sanction_event_centre ON followup.sanction_event (centre_code, area_code);

CREATE FUNCTION followup.sanction_event_hash(e followup.sanction_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(
        followup.chain_field('minyi sanction event 1') || followup.chain_field(e.subject)
        || followup.chain_field(e.seq::text) || e.prev_hash
        || followup.chain_field(e.id::text) || followup.chain_field(e.centre_code) || followup.chain_field(e.area_code)
        || followup.chain_field(e.kind) || followup.chain_field(e.lifts::text) || followup.chain_field(e.what)
        || followup.chain_field(to_char(e.from_day, 'YYYY-MM-DD')) || followup.chain_field(to_char(e.to_day, 'YYYY-MM-DD'))
        || followup.chain_field(e.concerned::text) || followup.chain_field(e.actor) || followup.chain_field(e.reason)
        || followup.chain_field(followup.chain_moment(e.at)) || followup.chain_field(e.policy_version::text));
END $$;

CREATE FUNCTION followup.chain_sanction_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head followup.chain_head;
BEGIN
    NEW.subject := 'sanction:' || NEW.area_code;
    SELECT * INTO head FROM followup.chain_head h WHERE h.subject = NEW.subject FOR UPDATE;
    NEW.seq := coalesce(head.seq, 0) + 1;
    NEW.prev_hash := coalesce(head.hash, followup.chain_genesis());
    NEW.hash := followup.sanction_event_hash(NEW);
    IF head.seq IS NULL THEN
        INSERT INTO followup.chain_head (subject, centre_code, seq, hash)
        VALUES (NEW.subject, NEW.centre_code, NEW.seq, NEW.hash);
        PERFORM followup.owe_seal(NEW.centre_code, NEW.at);
    ELSE
        UPDATE followup.chain_head h SET seq = NEW.seq, hash = NEW.hash WHERE h.subject = NEW.subject;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER chained BEFORE INSERT ON followup.sanction_event
    FOR EACH ROW EXECUTE FUNCTION followup.chain_sanction_event();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON followup.sanction_event
    FOR EACH STATEMENT EXECUTE FUNCTION followup.only_grows();

-- The monthly summary with the stars (月总结及星级评定) is issued like other reports.
ALTER TABLE followup.issued_report DROP CONSTRAINT issued_report_kind_check;
ALTER TABLE followup.issued_report ADD CONSTRAINT issued_report_kind_check
    CHECK (kind IN ('weekly', 'callback', 'unit', 'bulletin', 'morning', 'surveyor', 'village', 'centre', 'monthly'));
