-- The answers that count, with the unit that gave them: a report that calibrates weights needs the answers of one person together.
-- What is counted goes on being the same rows, without the unit.
CREATE FUNCTION survey.standing_unit_answers(first date, last date)
RETURNS TABLE (day date, centre_code text, question_id text, campaign_id bigint, area_code text, mode text, started_mode text,
               code text, weight double precision, unit_id bigint)
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
       l.code, l.base_weight, l.unit_id
FROM latest l JOIN survey.input n ON n.id = l.input_id
WHERE (l.at AT TIME ZONE l.tz)::date BETWEEN first AND last AND l.code IS NOT NULL
  AND (NOT l.later OR NOT EXISTS (
       SELECT FROM survey.interview j JOIN survey.answer b ON b.interview_id = j.id
       WHERE j.unit_id = l.unit_id AND j.id > l.id AND b.question_id = l.question_id
         AND NOT EXISTS (SELECT FROM survey.void_interview v WHERE v.id = j.id)))
$$;

CREATE OR REPLACE FUNCTION survey.standing_answers(first date, last date)
RETURNS TABLE (day date, centre_code text, question_id text, campaign_id bigint, area_code text, mode text, started_mode text,
               code text, weight double precision)
LANGUAGE sql STABLE AS $$
SELECT s.day, s.centre_code, s.question_id, s.campaign_id, s.area_code, s.mode, s.started_mode, s.code, s.weight
FROM survey.standing_unit_answers(first, last) s
$$;
