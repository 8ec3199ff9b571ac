-- Answers counted by question, day, area and code: a table of a day reads thousands of rows where there are millions of answers
-- (performance.md §4). The counts are made again for each day of which anything has changed; docs/decisions/0030.

-- Interviews in which something was answered, corrected, deleted or judged since the counts were made. It is only ever appended to:
-- no answer waits for another. `at`: when the answer was given; NULL: the interview as a whole.
CREATE TABLE survey.answer_change (
    interview_id bigint NOT NULL,
    at           timestamptz
);

-- Days whose counts are to be made again.
CREATE TABLE survey.rollup_day (
    day date PRIMARY KEY
);

-- The counts, one row for a day, a question, a campaign and a mode; inside, entry by entry, area and code with n answers, the sum of
-- their weights and the sum of the squares. A reader of a month fetches dozens of rows with long arrays, which costs a tenth of as
-- many thousand rows. `mode`: how the answer was given; `started_mode`: how its contact began (a text thread may go on as a form).
CREATE TABLE survey.answer_rollup (
    day          date   NOT NULL,
    centre_code  text   NOT NULL REFERENCES survey.centre,
    question_id  text   NOT NULL,
    campaign_id  bigint NOT NULL REFERENCES survey.campaign,
    mode         text   NOT NULL,
    started_mode text   NOT NULL,
    areas        text[] NOT NULL,
    codes        text[] NOT NULL,
    n            int[]  NOT NULL,
    w            double precision[] NOT NULL,
    w2           double precision[] NOT NULL,
    PRIMARY KEY (day, centre_code, question_id, campaign_id, mode, started_mode),
    CHECK (array_length(areas, 1) = ALL (ARRAY[array_length(codes, 1), array_length(n, 1), array_length(w, 1), array_length(w2, 1)]))
);

-- The same, one row for each entry.
CREATE VIEW survey.counted_answer AS
SELECT r.day, r.centre_code, r.question_id, r.campaign_id, e.area_code, r.mode, r.started_mode, e.code, e.n, e.w, e.w2
FROM survey.answer_rollup r, unnest(r.areas, r.codes, r.n, r.w, r.w2) AS e (area_code, code, n, w, w2);

-- Answers of one day are found by their moment; they come in its order.
CREATE INDEX answer_at ON survey.answer USING brin (at) WITH (autosummarize = on);
CREATE INDEX audit_item_void ON survey.audit_item (interview_id, id) WHERE verdict = 'void';

-- Interviews that their audit found void, by the last verdict on them, and those that they go on from.
CREATE VIEW survey.void_interview AS
WITH RECURSIVE void (id) AS (
    SELECT t.interview_id FROM survey.audit_item t
    WHERE t.verdict = 'void' AND NOT EXISTS (
        SELECT FROM survey.audit_item l WHERE l.interview_id = t.interview_id AND l.id > t.id)
    UNION
    SELECT i.continues_id FROM void v JOIN survey.interview i ON i.id = v.id WHERE i.continues_id IS NOT NULL
)
SELECT id FROM void;

-- The answers of some days that count: of each unit the last one to a question, in the interviews that are not void. Interviews and
-- units are looked up one by one (OFFSET 0): a day's are few among all.
CREATE FUNCTION survey.standing_answers(first date, last date)
RETURNS TABLE (day date, centre_code text, question_id text, campaign_id bigint, area_code text, mode text, started_mode text,
               code text, weight double precision)
LANGUAGE sql STABLE AS $$
WITH reach AS MATERIALIZED (
    SELECT min(first::timestamp AT TIME ZONE z.tz) AS since, max((last + 1)::timestamp AT TIME ZONE z.tz) AS until
    FROM (SELECT DISTINCT tz FROM survey.area) z
), heads AS MATERIALIZED (
    SELECT i.id, i.unit_id, i.started_mode, i.later, u.*, s.tz
    FROM (SELECT DISTINCT a.interview_id FROM survey.answer a
          WHERE a.at >= (SELECT since FROM reach) AND a.at < (SELECT until FROM reach)) g
    CROSS JOIN LATERAL (
        SELECT i.id, i.unit_id, k.mode AS started_mode,
               EXISTS (SELECT FROM survey.interview j WHERE j.unit_id = i.unit_id AND j.id > i.id) AS later
        FROM survey.interview i JOIN survey.contact k ON k.id = i.contact_id
        WHERE i.id = g.interview_id OFFSET 0) i
    CROSS JOIN LATERAL (
        SELECT u.centre_code, u.campaign_id, u.area_code, u.base_weight
        FROM survey.sample_unit u WHERE u.id = i.unit_id OFFSET 0) u
    JOIN survey.area s ON s.code = u.area_code
    WHERE NOT EXISTS (SELECT FROM survey.void_interview v WHERE v.id = i.id)
), latest AS (
    SELECT DISTINCT ON (a.interview_id, a.question_id) h.*, a.question_id, a.code, a.at, a.input_id
    FROM heads h JOIN survey.answer a ON a.interview_id = h.id
    ORDER BY a.interview_id, a.question_id, a.revision DESC
)
SELECT (l.at AT TIME ZONE l.tz)::date, l.centre_code, l.question_id, l.campaign_id, l.area_code, n.channel, l.started_mode,
       l.code, l.base_weight
FROM latest l JOIN survey.input n ON n.id = l.input_id
WHERE (l.at AT TIME ZONE l.tz)::date BETWEEN first AND last AND l.code IS NOT NULL
  AND (NOT l.later OR NOT EXISTS (
       SELECT FROM survey.interview j JOIN survey.answer b ON b.interview_id = j.id
       WHERE j.unit_id = l.unit_id AND j.id > l.id AND b.question_id = l.question_id
         AND NOT EXISTS (SELECT FROM survey.void_interview v WHERE v.id = j.id)))
$$;

-- All of them.
CREATE VIEW survey.standing_answer AS SELECT * FROM survey.standing_answers('-infinity', 'infinity');

-- Days that the notes bear upon: those of the answers that were noted, and all on which the same units ever answered, as a later
-- answer takes the place of an earlier one, and a verdict takes them all.
CREATE VIEW survey.noted_day AS
WITH units AS (
    SELECT DISTINCT i.unit_id FROM survey.answer_change c JOIN survey.interview i ON i.id = c.interview_id
), moments AS (
    SELECT c.at, u.area_code FROM survey.answer_change c JOIN survey.interview i ON i.id = c.interview_id
    JOIN survey.sample_unit u ON u.id = i.unit_id WHERE c.at IS NOT NULL
    UNION
    SELECT a.at, u.area_code FROM units x JOIN survey.sample_unit u ON u.id = x.unit_id
    JOIN survey.interview i ON i.unit_id = u.id JOIN survey.answer a ON a.interview_id = i.id
)
SELECT DISTINCT (m.at AT TIME ZONE s.tz)::date AS day FROM moments m JOIN survey.area s ON s.code = m.area_code;

-- Whoever writes, corrects or deletes an answer leaves a note in the same transaction, one statement at a time.
CREATE FUNCTION survey.note_new_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.answer_change SELECT interview_id, at FROM given;
    RETURN NULL;
END $$;
CREATE FUNCTION survey.note_old_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.answer_change SELECT interview_id, at FROM gone;
    RETURN NULL;
END $$;
CREATE TRIGGER answer_given AFTER INSERT ON survey.answer
    REFERENCING NEW TABLE AS given FOR EACH STATEMENT EXECUTE FUNCTION survey.note_new_answers();
CREATE TRIGGER answer_changed_to AFTER UPDATE ON survey.answer
    REFERENCING NEW TABLE AS given FOR EACH STATEMENT EXECUTE FUNCTION survey.note_new_answers();
CREATE TRIGGER answer_changed_from AFTER UPDATE ON survey.answer
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION survey.note_old_answers();
CREATE TRIGGER answer_gone AFTER DELETE ON survey.answer
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION survey.note_old_answers();

-- So does an audit: a verdict may take an interview out, or let it in again.
CREATE FUNCTION survey.note_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.answer_change VALUES (NEW.interview_id, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER verdict_given AFTER INSERT OR UPDATE ON survey.audit_item
    FOR EACH ROW EXECUTE FUNCTION survey.note_verdict();

-- And a weight that is not what it was (released replicates change it), or a unit that is put elsewhere.
CREATE FUNCTION survey.note_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.answer_change SELECT i.id, NULL FROM survey.interview i WHERE i.unit_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER unit_weighed AFTER UPDATE OF base_weight, area_code ON survey.sample_unit FOR EACH ROW
    WHEN (OLD.base_weight IS DISTINCT FROM NEW.base_weight OR OLD.area_code IS DISTINCT FROM NEW.area_code)
    EXECUTE FUNCTION survey.note_unit();

INSERT INTO survey.rollup_day
SELECT DISTINCT (a.at AT TIME ZONE s.tz)::date FROM survey.answer a
JOIN survey.interview i ON i.id = a.interview_id JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.area s ON s.code = u.area_code;
