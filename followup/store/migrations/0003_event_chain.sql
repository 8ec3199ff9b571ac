-- Events as a chain: each carries the hash of the one before; the heads of the chains are sealed day by day.
--
-- A chain has one subject: case:NUMBER or policy:KEY:CENTRE. So cases do not wait for each other, and whoever writes
-- an event needs to know nothing of chains: the triggers below number and hash it. What is hashed, and why, stands in
-- docs/decisions/0020; followup/casework/chain.py computes the same without this file.

-- A value in hashed bytes: 00 for NULL; else 01, its length in bytes as four bytes, its bytes. So NULL is not the empty
-- text, and no text can look like two.
CREATE FUNCTION followup.chain_field(value text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN value IS NULL THEN '\x00'::bytea
            ELSE '\x01'::bytea || int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8') END;

-- Microseconds since 1970, in UTC, in decimal: the same whatever zone a session shows times in.
CREATE FUNCTION followup.chain_moment(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN (extract(epoch FROM at) * 1000000)::bigint::text;

CREATE FUNCTION followup.chain_genesis() RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN decode(repeat('00', 32), 'hex');

-- Where each chain ends. Written by the triggers only.
CREATE TABLE followup.chain_head (
    subject     text  PRIMARY KEY,
    centre_code text  NOT NULL,           -- '*': a policy of every centre
    case_id     bigint,                   -- NULL: a policy
    seq         int   NOT NULL CHECK (seq > 0),
    hash        bytea NOT NULL CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 70);

-- Which day of a centre is sealed next, and from when on.
CREATE TABLE followup.seal_due (
    centre_code text PRIMARY KEY,
    next_day    date NOT NULL,
    due_at      timestamptz NOT NULL
);

-- A sealed day: one hash over the heads of all chains that moved since the seal before, chained to that seal.
CREATE TABLE followup.sealed_day (
    centre_code text NOT NULL,
    day         date NOT NULL,
    number      int  NOT NULL,            -- 1, 2, ... of this centre
    sealed_at   timestamptz NOT NULL,
    chains      int  NOT NULL,            -- that moved
    events      int  NOT NULL,            -- under this seal and no earlier one
    prev_hash   bytea NOT NULL,
    hash        bytea NOT NULL,
    PRIMARY KEY (centre_code, day),
    UNIQUE (centre_code, number)
);

-- What was sealed: an event is under the first seal whose head of its chain is at or past it.
CREATE TABLE followup.sealed_head (
    centre_code text NOT NULL,
    day         date NOT NULL,
    subject     text NOT NULL,
    seq         int  NOT NULL,
    hash        bytea NOT NULL,
    PRIMARY KEY (centre_code, day, subject),
    UNIQUE (subject, seq)
);

-- Every version of a policy that was put in force, by whom and why.
CREATE TABLE followup.policy_event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text  NOT NULL,
    centre_code text  NOT NULL,           -- '*': every centre
    version     int   NOT NULL,
    valid_from  date  NOT NULL,
    body_hash   bytea NOT NULL,           -- sha256 of the body's text form
    actor       text  NOT NULL,
    reason      text  NOT NULL,
    at          timestamptz NOT NULL,
    subject     text  NOT NULL,
    seq         int   NOT NULL,
    prev_hash   bytea NOT NULL,
    hash        bytea NOT NULL,
    UNIQUE (key, centre_code, version),
    UNIQUE (subject, seq)
);

ALTER TABLE followup.case_event
    ADD COLUMN seq       int,             -- 1, 2, ... of this case
    ADD COLUMN prev_hash bytea,           -- of the event before; 32 zero bytes before the first
    ADD COLUMN hash      bytea;           -- of this event and prev_hash

CREATE FUNCTION followup.case_event_hash(subject text, e followup.case_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(
        followup.chain_field('minyi case event 1') || followup.chain_field(subject)
        || followup.chain_field(e.seq::text) || e.prev_hash
        || followup.chain_field(e.id::text) || followup.chain_field(e.case_id::text)
        || followup.chain_field(e.round::text) || followup.chain_field(e.event)
        || followup.chain_field(e.from_status) || followup.chain_field(e.to_status)
        || followup.chain_field(e.actor) || followup.chain_field(e.reason)
        || followup.chain_field(followup.chain_moment(e.at)) || followup.chain_field(e.detail::text));
END $$;

CREATE FUNCTION followup.policy_event_hash(e followup.policy_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(
        followup.chain_field('minyi policy event 1') || followup.chain_field(e.subject)
        || followup.chain_field(e.seq::text) || e.prev_hash
        || followup.chain_field(e.id::text) || followup.chain_field(e.key) || followup.chain_field(e.centre_code)
        || followup.chain_field(e.version::text) || followup.chain_field(to_char(e.valid_from, 'YYYY-MM-DD'))
        || followup.chain_field(encode(e.body_hash, 'hex'))
        || followup.chain_field(e.actor) || followup.chain_field(e.reason)
        || followup.chain_field(followup.chain_moment(e.at)));
END $$;

-- The moment from which the day of a moment may be sealed: ten minutes after its midnight, when what began before
-- midnight is over. What is not is under the next seal.
CREATE FUNCTION followup.owe_seal(centre text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    tz text := coalesce((SELECT a.tz FROM survey.centre z JOIN survey.area a ON a.code = z.area_code
                         WHERE z.code = centre), 'Asia/Shanghai');
    today date := (at AT TIME ZONE tz)::date;
BEGIN
    INSERT INTO followup.seal_due (centre_code, next_day, due_at)
    VALUES (centre, today, ((today + 1)::timestamp + interval '10 minutes') AT TIME ZONE tz)
    ON CONFLICT DO NOTHING;
END $$;

-- The next event of a chain takes its place: no two can, since the head is locked until the transaction ends. Never write
-- events with ON CONFLICT DO NOTHING: a row that is then not kept has moved the head.
CREATE FUNCTION followup.chain_case_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this text;
    centre text;
    head followup.chain_head;
BEGIN
    SELECT 'case:' || c.number, c.centre_code INTO this, centre FROM followup.case_file c WHERE c.id = NEW.case_id;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = format('there is no case with id %s for an event', NEW.case_id);
    END IF;
    SELECT * INTO head FROM followup.chain_head h WHERE h.subject = this FOR UPDATE;
    NEW.seq := coalesce(head.seq, 0) + 1;
    NEW.prev_hash := coalesce(head.hash, followup.chain_genesis());
    NEW.hash := followup.case_event_hash(this, NEW);
    IF head.seq IS NULL THEN
        INSERT INTO followup.chain_head (subject, centre_code, case_id, seq, hash)
        VALUES (this, centre, NEW.case_id, NEW.seq, NEW.hash);
        PERFORM followup.owe_seal(centre, NEW.at);
    ELSE
        UPDATE followup.chain_head h SET seq = NEW.seq, hash = NEW.hash WHERE h.subject = this;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION followup.chain_policy_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head followup.chain_head;
BEGIN
    NEW.subject := 'policy:' || NEW.key || ':' || NEW.centre_code;
    SELECT * INTO head FROM followup.chain_head h WHERE h.subject = NEW.subject FOR UPDATE;
    NEW.seq := coalesce(head.seq, 0) + 1;
    NEW.prev_hash := coalesce(head.hash, followup.chain_genesis());
    NEW.hash := followup.policy_event_hash(NEW);
    IF head.seq IS NULL THEN
        INSERT INTO followup.chain_head (subject, centre_code, seq, hash)
        VALUES (NEW.subject, NEW.centre_code, NEW.seq, NEW.hash);
        PERFORM followup.owe_seal(NEW.centre_code, NEW.at);
    ELSE
        UPDATE followup.chain_head h SET seq = NEW.seq, hash = NEW.hash WHERE h.subject = NEW.subject;
    END IF;
    RETURN NEW;
END $$;

-- A seal follows the one before it; what it covers is counted from the heads that stand in its day.
CREATE FUNCTION followup.chain_sealed_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    heads_hash bytea;
BEGIN
    SELECT d.number + 1, d.hash INTO NEW.number, NEW.prev_hash FROM followup.sealed_day d
    WHERE d.centre_code = NEW.centre_code ORDER BY d.number DESC LIMIT 1;
    NEW.number := coalesce(NEW.number, 1);
    NEW.prev_hash := coalesce(NEW.prev_hash, followup.chain_genesis());
    SELECT count(*),
           coalesce(sum(h.seq - coalesce((SELECT max(b.seq) FROM followup.sealed_head b
                                          WHERE b.subject = h.subject AND b.seq < h.seq), 0)), 0),
           sha256(coalesce(string_agg(followup.chain_field(h.subject) || followup.chain_field(h.seq::text) || h.hash,
                                      ''::bytea ORDER BY h.subject COLLATE "C"), ''::bytea))
    INTO NEW.chains, NEW.events, heads_hash
    FROM followup.sealed_head h WHERE h.centre_code = NEW.centre_code AND h.day = NEW.day;
    NEW.hash := sha256(
        followup.chain_field('minyi sealed day 1') || followup.chain_field(NEW.centre_code)
        || followup.chain_field(to_char(NEW.day, 'YYYY-MM-DD')) || followup.chain_field(NEW.number::text)
        || followup.chain_field(followup.chain_moment(NEW.sealed_at))
        || followup.chain_field(NEW.chains::text) || followup.chain_field(NEW.events::text)
        || NEW.prev_hash || heads_hash);
    RETURN NEW;
END $$;

CREATE FUNCTION followup.only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING
        MESSAGE = format('%s of followup.%s refused: its rows are proof, and only ever added to', TG_OP, TG_TABLE_NAME),
        HINT = 'Write a new event that says what is different now.';
END $$;

CREATE FUNCTION followup.only_by_triggers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING
        MESSAGE = format('%s of followup.%s refused: only the triggers of the events write it', TG_OP, TG_TABLE_NAME);
END $$;

-- The events that were written before there were chains, in the order in which they were written.
DO $$
DECLARE
    e followup.case_event;
    this text;
    centre text;
    last_case bigint;
    last_seq int;
    last_hash bytea;
BEGIN
    FOR e IN SELECT * FROM followup.case_event ORDER BY case_id, id LOOP
        IF e.case_id IS DISTINCT FROM last_case THEN
            SELECT 'case:' || c.number, c.centre_code INTO STRICT this, centre
            FROM followup.case_file c WHERE c.id = e.case_id;
            last_seq := 0;
            last_hash := followup.chain_genesis();
        END IF;
        e.seq := last_seq + 1;
        e.prev_hash := last_hash;
        e.hash := followup.case_event_hash(this, e);
        UPDATE followup.case_event SET seq = e.seq, prev_hash = e.prev_hash, hash = e.hash WHERE id = e.id;
        INSERT INTO followup.chain_head AS h (subject, centre_code, case_id, seq, hash)
        VALUES (this, centre, e.case_id, e.seq, e.hash)
        ON CONFLICT (subject) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
        last_case := e.case_id;
        last_seq := e.seq;
        last_hash := e.hash;
    END LOOP;
    PERFORM followup.owe_seal(c.centre_code, min(o.at))
    FROM followup.case_event o JOIN followup.case_file c ON c.id = o.case_id GROUP BY c.centre_code;
END $$;

ALTER TABLE followup.case_event
    ALTER COLUMN seq SET NOT NULL,
    ALTER COLUMN prev_hash SET NOT NULL,
    ALTER COLUMN hash SET NOT NULL,
    ADD CONSTRAINT case_event_place UNIQUE (case_id, seq);   -- two writers of one place: the second loses loudly
DROP INDEX followup.case_event_case;                         -- the constraint's index serves it

CREATE TRIGGER chained BEFORE INSERT ON followup.case_event
    FOR EACH ROW EXECUTE FUNCTION followup.chain_case_event();
CREATE TRIGGER chained BEFORE INSERT ON followup.policy_event
    FOR EACH ROW EXECUTE FUNCTION followup.chain_policy_event();
CREATE TRIGGER chained BEFORE INSERT ON followup.sealed_day
    FOR EACH ROW EXECUTE FUNCTION followup.chain_sealed_day();

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON followup.case_event
    FOR EACH STATEMENT EXECUTE FUNCTION followup.only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON followup.policy_event
    FOR EACH STATEMENT EXECUTE FUNCTION followup.only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON followup.sealed_day
    FOR EACH STATEMENT EXECUTE FUNCTION followup.only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON followup.sealed_head
    FOR EACH STATEMENT EXECUTE FUNCTION followup.only_grows();
CREATE TRIGGER only_by_triggers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON followup.chain_head
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION followup.only_by_triggers();

-- The versions of policies that were in force before there were chains.
INSERT INTO followup.policy_event (key, centre_code, version, valid_from, body_hash, actor, reason, at)
SELECT p.key, p.centre_code, p.version, p.valid_from, sha256(convert_to(p.body::text, 'UTF8')), 'migration',
    'in force before its chain began', now()
FROM survey.policy AS p ORDER BY p.key, p.centre_code, p.version;

-- Every row of every table of followup that has a column case_id, for the passport of a case: tables that are made later
-- too. The link to an interview is not part of it.
CREATE FUNCTION followup.case_records(id_of_case bigint) RETURNS TABLE (kind text, record jsonb) LANGUAGE plpgsql STABLE AS $$
DECLARE
    this text;
BEGIN
    FOR this IN
        SELECT c.table_name::text FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'followup' AND c.column_name = 'case_id' AND t.table_type = 'BASE TABLE'
          AND c.table_name NOT IN ('case_event', 'chain_head', 'interview_case')
        ORDER BY c.table_name
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT %L::text, to_jsonb(t) FROM followup.%I t WHERE t.case_id = $1', this, this) USING id_of_case;
    END LOOP;
END $$;
