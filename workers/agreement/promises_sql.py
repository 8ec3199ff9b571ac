"""The promises as queries: each selects as `broken` where it is broken, and no row when it is kept."""

TWO_CONVERSATIONS = """
SELECT 'contacts ' || a.id || ' and ' || b.id AS broken
FROM survey.contact a JOIN survey.contact b ON b.person_id = a.person_id AND b.id > a.id
WHERE b.opened_at < coalesce(a.closed_at, 'infinity') AND a.opened_at < coalesce(b.closed_at, 'infinity')
ORDER BY a.id, b.id"""

CONTACTED_AFTER_OPT_OUT = """
SELECT a.mode || ' attempt ' || a.ref || ' after opt-out ' || o.scope AS broken
FROM survey.attempt a JOIN survey.opt_out o ON o.person_id = a.person_id AND a.dialing_at > o.said_at AND NOT a.inbound
WHERE o.scope = 'all'
   OR (o.scope = 'survey' AND a.purpose = 'survey')
   OR (o.scope = 'text_channel' AND a.mode = 'text')
   OR (o.scope = 'case_text' AND a.purpose = 'case' AND a.mode = 'text')
   OR (o.scope = 'case_call' AND a.purpose = 'case' AND a.mode <> 'text')
ORDER BY a.id"""

FIRST_AND_LAST_DAY = "SELECT min(day) AS first, max(day) AS last FROM survey.attempt"

# $1, $2: opening and closing times; $3, $4: purposes and the days on which each rests. They bind what we begin: whoever rings us
# chooses the moment.
OUTSIDE_CALLING_HOURS = """
SELECT l.mode || ' attempt ' || l.ref || ' at ' || to_char(l.local, 'YYYY-MM-DD HH24:MI:SS') AS broken
FROM (
    SELECT a.id, a.ref, a.mode, a.purpose, a.dialing_at AT TIME ZONE r.tz AS local,
           c.hours->'windows' AS windows, c.hours->'weekdays' AS weekdays
    FROM survey.attempt a
    JOIN survey.sample_unit u ON u.id = a.unit_id
    JOIN survey.campaign c ON c.id = u.campaign_id
    JOIN survey.area r ON r.code = u.area_code
    WHERE NOT a.inbound
) l
WHERE NOT EXISTS (
        SELECT FROM unnest($1::time[], $2::time[]) AS w(opens, closes)
        WHERE l.local::time >= w.opens AND l.local::time < w.closes)
   OR EXISTS (
        SELECT FROM unnest($3::text[], $4::date[]) AS c(purpose, day)
        WHERE c.purpose = l.purpose AND c.day = l.local::date)
   OR jsonb_array_length(l.windows) > 0 AND NOT EXISTS (
        SELECT FROM jsonb_array_elements_text(l.windows) AS o(span)
        WHERE l.local::time >= split_part(o.span, '-', 1)::time AND l.local::time < split_part(o.span, '-', 2)::time)
   OR jsonb_array_length(l.weekdays) > 0 AND NOT l.weekdays ? to_char(l.local, 'dy')
ORDER BY l.id"""

DAY_NOT_LOCAL = """
SELECT a.mode || ' attempt ' || a.ref || ': ' || a.day AS broken
FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id JOIN survey.area r ON r.code = u.area_code
WHERE a.day <> (a.dialing_at AT TIME ZONE r.tz)::date
ORDER BY a.id"""

# $1, $2: purposes and their caps
UNIT_TRIED_TOO_OFTEN = """
SELECT 'unit ' || u.ref || ': ' || count(DISTINCT a.id) || ' attempts' AS broken
FROM survey.sample_unit u
JOIN survey.interview i ON i.unit_id = u.id
JOIN survey.attempt a ON a.contact_id = i.contact_id AND a.counts
JOIN unnest($1::text[], $2::int[]) AS cap(purpose, at_most) ON cap.purpose = a.purpose
GROUP BY u.id, u.ref, cap.at_most HAVING count(DISTINCT a.id) > cap.at_most
ORDER BY u.id"""

TRIED_TOO_OFTEN_IN_A_DAY = """
SELECT 'attempts ' || string_agg(a.ref, ' ' ORDER BY a.id) || ' on ' || a.day AS broken
FROM survey.attempt a JOIN unnest($1::text[], $2::int[]) AS cap(purpose, a_day) ON cap.purpose = a.purpose
WHERE a.counts
GROUP BY a.person_id, a.purpose, a.day, cap.a_day HAVING count(*) > cap.a_day
ORDER BY min(a.id)"""

# $1, $2: purposes and their pauses; $3: dispositions after which the person asked to be contacted
TRIED_TOO_SOON = """
SELECT 'attempt ' || t.ref || ' ' || (t.dialing_at - t.before_at) || ' after ' || t.before_ref AS broken
FROM (
    SELECT a.id, a.ref, a.purpose, a.dialing_at,
           lag(a.dialing_at) OVER previous AS before_at,
           lag(a.ref) OVER previous AS before_ref,
           lag(a.disposition) OVER previous AS before_code
    FROM survey.attempt a WHERE a.counts
    WINDOW previous AS (PARTITION BY a.person_id, a.purpose ORDER BY a.dialing_at, a.id)
) t
JOIN unnest($1::text[], $2::interval[]) AS cap(purpose, apart) ON cap.purpose = t.purpose
WHERE t.dialing_at - t.before_at < cap.apart AND NOT coalesce(t.before_code, '') = ANY ($3::text[])
ORDER BY t.id"""

# $1, $2: so long a period, so many attempts
TRIED_TOO_OFTEN_OVER_ALL = """
SELECT 'attempt ' || t.ref || ' is number ' || t.nth AS broken
FROM (
    SELECT a.id, a.ref, count(*) OVER lately AS nth
    FROM survey.attempt a WHERE a.counts
    WINDOW lately AS (
        PARTITION BY a.person_id ORDER BY a.dialing_at RANGE BETWEEN $1::interval PRECEDING AND CURRENT ROW)
) t
WHERE t.nth > $2::int
ORDER BY t.id"""

UNIT_WITHOUT_NEXT_STEP = """
SELECT 'unit ' || u.ref || ': ' || u.status AS broken
FROM survey.sample_unit u
WHERE (u.status = 'waiting' AND u.due_at IS NULL)
   OR (u.status = 'done' AND u.done_at IS NULL)
   OR (u.status = 'in_contact' AND NOT EXISTS (
        SELECT FROM survey.interview i
        JOIN survey.contact c ON c.id = i.contact_id AND c.closed_at IS NULL
        WHERE i.unit_id = u.id
          AND (c.expires_at IS NOT NULL
               OR EXISTS (SELECT FROM survey.attempt a WHERE a.contact_id = c.id AND a.status <> 'ended'))))
ORDER BY u.id"""

# By the seats that were filled, not by the counters beside them: those are held against the seats below.
QUOTA_PASSED = """
SELECT c.code || ', ' || s.quota || ' ' || s.cell || ': ' || count(*) || ' of ' || min(q.target) AS broken
FROM survey.quota_seat s
JOIN survey.campaign c ON c.id = s.campaign_id
JOIN survey.quota_cell q USING (campaign_id, quota, cell)
WHERE s.filled_at IS NOT NULL
GROUP BY c.code, s.quota, s.cell HAVING count(*) > min(q.target)
ORDER BY 1"""

# A seat is held for whoever is in contact and filled for whoever counts; nobody else has one, and the counters say the same.
SEATS_OF_NOBODY = """
SELECT 'unit ' || u.ref || ': ' || s.quota || ', ' || u.status || ' ' || u.disposition AS broken
FROM survey.quota_seat s
JOIN survey.sample_unit u ON u.id = s.unit_id
JOIN survey.campaign c ON c.id = s.campaign_id
WHERE CASE WHEN s.filled_at IS NULL THEN u.status <> 'in_contact'
           ELSE NOT (u.disposition = 'complete' OR c.partials_count AND u.disposition = 'partial') END
UNION ALL
SELECT c.code || ', ' || q.quota || ' ' || q.cell || ': counted ' || q.held || ' and ' || q.filled
FROM survey.quota_cell q
JOIN survey.campaign c ON c.id = q.campaign_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.filled_at IS NULL) AS held, count(s.filled_at) AS filled FROM survey.quota_seat s
    WHERE (s.campaign_id, s.quota, s.cell) = (q.campaign_id, q.quota, q.cell)) seats
WHERE (q.held, q.filled) <> (seats.held, seats.filled)
ORDER BY 1"""

BUDGET_PASSED = """
SELECT c.code || ': ' || count(a.id) || ' calls of ' || b.most_calls AS broken
FROM survey.campaign_budget b
JOIN survey.campaign c ON c.id = b.campaign_id
JOIN survey.sample_unit u ON u.campaign_id = b.campaign_id
JOIN survey.attempt a ON a.unit_id = u.id AND a.mode <> 'text'
GROUP BY c.code, b.most_calls HAVING count(a.id) > b.most_calls
ORDER BY 1"""

# $1: the codes of the table
DISPOSITIONS_DO_NOT_SUM = """
SELECT 'campaign ' || c.code || ': '
       || count(*) FILTER (WHERE u.disposition = ANY ($1::text[])) || ' of ' || count(*)
       || ' units have a known disposition' AS broken
FROM survey.campaign c JOIN survey.sample_unit u ON u.campaign_id = c.id
GROUP BY c.id, c.code HAVING count(*) FILTER (WHERE u.disposition = ANY ($1::text[])) <> count(*)
ORDER BY c.id"""

LAST_EVENT_DIFFERS = """
SELECT 'unit ' || u.ref || ': ' || u.status || ' ' || u.disposition || ', its last event says '
       || e.to_status || ' ' || e.disposition AS broken
FROM survey.sample_unit u
JOIN LATERAL (
    SELECT to_status, disposition FROM survey.unit_event WHERE unit_id = u.id ORDER BY id DESC LIMIT 1
) e ON true
WHERE (e.to_status, e.disposition) IS DISTINCT FROM (u.status, u.disposition)
ORDER BY u.id"""

ANNOUNCED_TWICE = """
SELECT 'unit ' || u.ref || ': ' || o.topic || ' ' || count(*) || ' times' AS broken
FROM survey.outbox o JOIN survey.sample_unit u ON u.id = o.unit_id
GROUP BY u.ref, o.unit_id, o.interview_id, o.topic HAVING count(*) > 1
ORDER BY o.unit_id"""

REACHED_BUT_NOT_TOLD = """
SELECT 'case ' || f.number || ' round ' || c.round AS broken
FROM followup.callback c JOIN followup.case_file f ON f.id = c.case_id
WHERE c.reached AND (c.told_at IS NULL OR coalesce(c.told_text, '') = '')
ORDER BY f.number, c.round"""
