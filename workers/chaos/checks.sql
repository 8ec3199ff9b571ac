-- What must hold after a chaos run, put to the database and the carrier's ledger in plain SQL. It shares no code and no policy with
-- workers/agreement: limits stand here as settled.md writes them. Each query gives one row per breach: where it is.

-- name: call_nobody_asked_for
SELECT 'call ' || c.sid FROM ledger_call c
WHERE c.kind = 'api' AND NOT EXISTS (SELECT FROM survey.attempt a WHERE a.sid = c.sid);

-- name: attempt_rung_twice
SELECT 'attempt ' || a.ref || ': ' || count(*) || ' calls'
FROM survey.attempt a JOIN ledger_call c ON c.sid = a.sid OR (c.kind = 'desk' AND c.reference = a.ref)
WHERE a.mode <> 'text' GROUP BY a.id, a.ref HAVING count(*) > 1 OR sum(c.rang) > 1;

-- name: rung_more_often_than_attempted
SELECT 'person ' || p.id || ': ' || rung.n || ' calls, ' || coalesce(tried.n, 0) || ' attempts'
FROM (SELECT token, count(*) AS n FROM ledger_call GROUP BY token) rung
JOIN survey.person p ON p.token = rung.token
LEFT JOIN (SELECT person_id, count(*) AS n FROM survey.attempt WHERE mode <> 'text' GROUP BY person_id) tried ON tried.person_id = p.id
WHERE rung.n > coalesce(tried.n, 0);

-- name: rung_outside_the_window
SELECT 'call ' || c.sid || ' at ' || to_char(c.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
FROM ledger_call c
WHERE NOT ((c.at AT TIME ZONE 'Asia/Shanghai')::time >= '09:00' AND (c.at AT TIME ZONE 'Asia/Shanghai')::time < '12:00'
        OR (c.at AT TIME ZONE 'Asia/Shanghai')::time >= '14:00' AND (c.at AT TIME ZONE 'Asia/Shanghai')::time < '20:30');

-- name: surveyed_on_a_day_off
-- Days off of 2026 that are no plain weekend, as the State Council's notice of 4 November 2025 (国办发明电〔2025〕7号) gives them.
SELECT 'attempt ' || a.ref || ' on ' || a.day
FROM survey.attempt a
WHERE a.purpose <> 'case' AND (a.dialing_at AT TIME ZONE 'Asia/Shanghai')::date = ANY (ARRAY[
    '2026-01-01', '2026-01-02', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-02-21', '2026-02-22',
    '2026-02-23', '2026-04-05', '2026-04-06', '2026-05-01', '2026-05-02', '2026-05-03', '2026-05-04', '2026-05-05', '2026-06-19',
    '2026-09-25', '2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05', '2026-10-06', '2026-10-07']::date[]);

-- name: texted_outside_the_window
SELECT 'text ' || t.sid || ' at ' || to_char(t.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
FROM ledger_text t JOIN survey.attempt a ON a.sid = t.sid AND a.mode = 'text'
WHERE NOT ((t.at AT TIME ZONE 'Asia/Shanghai')::time >= '09:00' AND (t.at AT TIME ZONE 'Asia/Shanghai')::time < '12:00'
        OR (t.at AT TIME ZONE 'Asia/Shanghai')::time >= '14:00' AND (t.at AT TIME ZONE 'Asia/Shanghai')::time < '20:30');

-- name: text_nobody_asked_for
-- A text out has an attempt, is what a resident is told of an own matter, or answers a text that came in.
SELECT 'text ' || t.sid FROM ledger_text t
WHERE t.direction = 'out' AND NOT EXISTS (SELECT FROM survey.attempt a WHERE a.sid = t.sid)
  AND NOT EXISTS (SELECT FROM survey.telling n WHERE n.sid = t.sid)
  AND NOT EXISTS (SELECT FROM ledger_text q WHERE q.direction = 'in' AND q.token = t.token AND q.at <= t.at);

-- name: contacted_after_never_again
-- A text whose webhook was lost is known when the carrier's list is read next, every five minutes, or when it is read once more;
-- a key that was lost never is.
SELECT 'person ' || p.id || ' by ' || x.what || ' at ' || x.at
FROM (SELECT token, at, 'call ' || sid AS what FROM ledger_call
      UNION ALL
      SELECT t.token, t.at, 'text ' || t.sid FROM ledger_text t JOIN survey.attempt a ON a.sid = t.sid AND a.mode = 'text') x
JOIN (SELECT token, min(at + CASE WHEN lost_text THEN interval '10 minutes' ELSE interval '0' END) AS at
      FROM (SELECT s.token, s.at,
                   EXISTS (SELECT FROM ledger_text t WHERE t.sid = s.via AND NOT t.delivered) AS lost_text,
                   EXISTS (SELECT FROM ledger_key k WHERE k.sid = s.via AND k.at = s.at AND NOT k.delivered) AS lost_key
            FROM ledger_stop s) said
      WHERE NOT lost_key GROUP BY token) s ON s.token = x.token AND x.at > s.at
JOIN survey.person p ON p.token = x.token;

-- name: more_than_two_a_day
SELECT 'person ' || a.person_id || ' on ' || a.day || ': ' || count(*)
FROM survey.attempt a WHERE a.counts GROUP BY a.person_id, a.day HAVING count(*) > 2;

-- name: more_than_four_in_a_wave
SELECT 'unit ' || u.ref || ': ' || count(*)
FROM survey.sample_unit u JOIN survey.attempt a ON a.unit_id = u.id AND a.counts GROUP BY u.id, u.ref HAVING count(*) > 4;

-- name: more_than_ten_in_thirty_days
SELECT 'person ' || a.person_id || ': ' || count(*)
FROM survey.attempt a JOIN survey.attempt b ON b.person_id = a.person_id AND b.counts
     AND b.dialing_at > a.dialing_at - interval '30 days' AND b.dialing_at <= a.dialing_at
WHERE a.counts GROUP BY a.id, a.person_id HAVING count(*) > 10;

-- name: less_than_four_hours_apart
SELECT 'person ' || a.person_id || ': ' || a.ref || ' and ' || b.ref
FROM survey.attempt a JOIN survey.attempt b ON b.person_id = a.person_id AND b.id > a.id AND b.counts
WHERE a.counts AND b.dialing_at - a.dialing_at < interval '4 hours'
  AND coalesce(a.disposition, '') NOT IN ('appointment', 'handover_pending');

-- name: two_contacts_at_once
SELECT 'person ' || p.id || ': ' || a.sid || ' and ' || b.sid
FROM ledger_call a JOIN ledger_call b ON b.token = a.token AND b.sid > a.sid
     AND b.at < coalesce(a.ended_at, 'infinity') AND a.at < coalesce(b.ended_at, 'infinity')
JOIN survey.person p ON p.token = a.token
UNION ALL
SELECT 'person ' || a.person_id || ': contacts ' || a.id || ' and ' || b.id
FROM survey.contact a JOIN survey.contact b ON b.person_id = a.person_id AND b.id > a.id
     AND b.opened_at < coalesce(a.closed_at, 'infinity') AND a.opened_at < coalesce(b.closed_at, 'infinity');

-- name: key_lost
SELECT 'call ' || k.sid || ' step ' || k.step
FROM ledger_key k WHERE k.delivered AND k.step IS NOT NULL
  AND NOT EXISTS (SELECT FROM survey.input i WHERE i.call_sid = k.sid AND i.step = k.step);

-- name: text_lost
SELECT 'text ' || t.sid FROM ledger_text t
WHERE t.direction = 'in' AND t.delivered AND NOT EXISTS (SELECT FROM survey.input i WHERE i.message_sid = t.sid);

-- name: input_doubled
SELECT 'input ' || coalesce(i.message_sid, i.call_sid || ' step ' || i.step) || ': ' || count(*)
FROM survey.input i WHERE i.channel <> 'web' GROUP BY i.message_sid, i.call_sid, i.step HAVING count(*) > 1;

-- name: answer_lost
SELECT 'input ' || i.id FROM survey.input i
WHERE i.effect = 'answered' AND i.channel IN ('voice', 'text') AND NOT EXISTS (SELECT FROM survey.answer a WHERE a.input_id = i.id);

-- name: answer_doubled
SELECT 'interview ' || a.interview_id || ' ' || a.question_id || ': input ' || a.input_id
FROM survey.answer a WHERE a.recording IS NULL  -- what is written down of a recording is a second revision of it
GROUP BY a.interview_id, a.question_id, a.input_id HAVING count(*) > 1;

-- name: complete_without_answers
SELECT 'unit ' || u.ref FROM survey.sample_unit u
WHERE u.disposition = 'complete'
  AND NOT EXISTS (SELECT FROM survey.answer a JOIN survey.interview i ON i.id = a.interview_id WHERE i.unit_id = u.id);

-- name: quota_over_its_target
SELECT c.code || ' ' || q.quota || ' ' || q.cell || ': ' || count(u.id) || ' of ' || q.target
FROM survey.quota_cell q JOIN survey.campaign c ON c.id = q.campaign_id
JOIN survey.sample_unit u ON u.campaign_id = c.id AND u.disposition = 'complete'
     AND (q.quota = 'total' OR u.cells ->> q.quota = q.cell)
WHERE q.quota <> 'day' GROUP BY c.code, q.quota, q.cell, q.target HAVING count(u.id) > q.target;

-- name: daily_target_passed
SELECT c.code || ' ' || s.cell || ': ' || count(*) || ' of ' || c.daily_target
FROM survey.quota_seat s JOIN survey.campaign c ON c.id = s.campaign_id
WHERE s.quota = 'day' AND s.filled_at IS NOT NULL GROUP BY c.code, s.cell, c.daily_target HAVING count(*) > c.daily_target;

-- name: seats_do_not_add_up
SELECT c.code || ' ' || q.quota || ' ' || q.cell || ': held ' || q.held || ', filled ' || q.filled
FROM survey.quota_cell q JOIN survey.campaign c ON c.id = q.campaign_id
LEFT JOIN (SELECT campaign_id, quota, cell, count(*) FILTER (WHERE filled_at IS NULL) AS held, count(filled_at) AS filled
           FROM survey.quota_seat GROUP BY 1, 2, 3) s
  ON s.campaign_id = q.campaign_id AND s.quota = q.quota AND s.cell = q.cell
WHERE q.held <> coalesce(s.held, 0) OR q.filled <> coalesce(s.filled, 0);

-- name: over_the_budget
SELECT c.code || ': ' || b.calls || ' calls booked, ' || count(a.id) || ' made, ' || b.most_calls || ' allowed'
FROM survey.campaign_budget b JOIN survey.campaign c ON c.id = b.campaign_id
JOIN survey.sample_unit u ON u.campaign_id = c.id JOIN survey.attempt a ON a.unit_id = u.id AND a.mode <> 'text'
WHERE b.most_calls IS NOT NULL GROUP BY c.code, b.calls, b.most_calls HAVING count(a.id) > b.most_calls OR count(a.id) > b.calls;

-- name: unit_neither_final_nor_due
SELECT 'unit ' || u.ref || ': ' || u.status
FROM survey.sample_unit u
WHERE (u.status = 'waiting' AND (u.due_at IS NULL OR u.next_mode IS NULL))
   OR (u.status = 'done' AND (u.done_at IS NULL OR u.disposition IS NULL))
   OR (u.status = 'in_contact' AND NOT EXISTS (
        SELECT FROM survey.interview i JOIN survey.contact k ON k.id = i.contact_id AND k.closed_at IS NULL WHERE i.unit_id = u.id));

-- name: attempt_never_settled
SELECT 'attempt ' || a.ref || ': ' || a.status FROM survey.attempt a JOIN survey.contact k ON k.id = a.contact_id
WHERE a.status <> 'ended' AND k.closed_at IS NOT NULL;
