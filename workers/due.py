"""What is owed and when, over all aggregates: one statement, one row per job that has something to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from followup.retention_policy import retention_policy
from survey.field.attempt_policy import attempt_policy

SELECT_DUE = """
SELECT 'dial' AS job,
       CASE WHEN p.batch_s > 0
            THEN to_timestamp(ceil(extract(epoch FROM greatest(p.next_at, d.due_at)) / p.batch_s) * p.batch_s)
            ELSE greatest(p.next_at, d.due_at) END AS due_at
FROM survey.pace p
CROSS JOIN LATERAL (SELECT min(n.due_at) AS due_at FROM survey.campaign c
                    CROSS JOIN LATERAL (SELECT u.due_at FROM survey.sample_unit u
                                        WHERE u.campaign_id = c.id AND u.status = 'waiting' AND u.next_mode = p.channel
                                        ORDER BY u.due_at LIMIT 1) n
                    WHERE c.status = 'running') d
WHERE d.due_at IS NOT NULL
UNION ALL
SELECT 'reconcile', min(check_at) FROM survey.attempt WHERE status = 'unknown'
UNION ALL
SELECT CASE WHEN min(lease_real) < $2 THEN 'reconcile' ELSE 'waiting_for_worker' END, $1
FROM survey.attempt WHERE status = 'dialing' AND (mode <> 'operator' OR linked) HAVING count(*) > 0
UNION ALL
SELECT 'check', min(check_at) FROM survey.attempt
WHERE status IN ('accepted', 'ringing', 'answered') AND (mode <> 'operator' OR linked AND line_over_at IS NULL)
UNION ALL
SELECT 'release_abandoned', min(check_at) FROM survey.attempt
WHERE status <> 'ended' AND mode = 'operator' AND (NOT linked OR line_over_at IS NOT NULL)
UNION ALL
SELECT 'dial_linked', greatest(p.next_at, l.next_at, d.due_at)
FROM survey.pace p CROSS JOIN survey.linked_pace l
CROSS JOIN LATERAL (SELECT min(u.due_at) AS due_at FROM survey.campaign c JOIN survey.sample_unit u ON u.campaign_id = c.id
                    WHERE c.status = 'running' AND c.operator_dialling <> 'by_hand'
                      AND u.status = 'waiting' AND u.next_mode = 'operator') d
WHERE p.channel = 'voice' AND d.due_at IS NOT NULL
  AND EXISTS (SELECT FROM survey.linked_operator WHERE state = 'ready')
UNION ALL
SELECT 'link_operators', min(CASE WHEN state = 'calling' AND lease_real < $2 THEN $1 ELSE check_at END)
FROM survey.linked_operator WHERE state <> 'off'
UNION ALL
SELECT 'waiting_for_worker', $1 FROM survey.linked_operator WHERE state = 'calling' AND sid IS NULL HAVING count(*) > 0
UNION ALL
SELECT 'join_lines', min(CASE WHEN state IN ('wanted', 'asker_here') OR lease_real < $2 THEN $1 ELSE check_at END)
FROM survey.masked_call WHERE state <> 'over' OR check_at IS NOT NULL
UNION ALL
SELECT 'waiting_for_worker', $1 FROM survey.masked_call WHERE lease_real >= $2 HAVING count(*) > 0
UNION ALL
SELECT 'hear_masked_calls', min(over_at) FROM survey.masked_call WHERE state = 'over' AND NOT told
UNION ALL
SELECT 'end_lines', min(end_line_at) FROM survey.attempt WHERE end_line_at IS NOT NULL
UNION ALL
SELECT 'expire', min(expires_at) FROM survey.contact WHERE closed_at IS NULL AND expires_at IS NOT NULL
UNION ALL
SELECT 'close_waves', min(closes_at) FROM survey.campaign
WHERE status = 'running' AND closes_at IS NOT NULL AND document IS NULL
UNION ALL
SELECT 'campaigns_due', min(look_at) FROM survey.campaign
UNION ALL
SELECT 'tell_systems', least(
    (SELECT min(d.next_at) FROM followup.delivery d JOIN followup.subscription s ON s.id = d.subscription_id
     WHERE d.status = 'waiting' AND s.status = 'active'
       AND NOT EXISTS (SELECT FROM followup.delivery e
                       WHERE e.subscription_id = d.subscription_id AND e.case_id = d.case_id AND e.status = 'waiting'
                         AND (e.event_id, e.id) < (d.event_id, d.id))),
    (SELECT $1 FROM followup.subscription s WHERE s.status = 'active'
       AND EXISTS (SELECT FROM followup.case_event e WHERE e.id > s.looked_event) LIMIT 1))
UNION ALL
SELECT 'recall', min(recall_at) FROM survey.attempt WHERE recall_at IS NOT NULL AND status = 'accepted'
UNION ALL
SELECT 'miss_appointments', min(due_at) + $3 FROM survey.sample_unit WHERE status = 'waiting' AND appointment_at IS NOT NULL
UNION ALL
SELECT 'poll_texts', next_at FROM survey.text_poll
UNION ALL
SELECT 'delete_recordings', min(delete_at) FROM survey.recording WHERE delete_at IS NOT NULL
UNION ALL
SELECT 'settle', min(CASE WHEN purpose = 'case' THEN at ELSE at + interval '1 minute' END)
FROM survey.outbox WHERE NOT consumed
UNION ALL
SELECT 'escalate', min(decision_due_at) FROM followup.callback
WHERE flagged AND decision IS NULL AND decision_due_at IS NOT NULL
UNION ALL
SELECT 'escalate', min(decision_due_at) FROM followup.objection
WHERE decision IS NULL AND decision_due_at IS NOT NULL
UNION ALL
SELECT 'keep_promises', min(due_at) FROM followup.case_file WHERE status = 'promised'
UNION ALL
SELECT 'archive_quiet', min(c.archive_at) FROM followup.case_file c
WHERE c.archive_at IS NOT NULL AND c.status NOT IN ('wrong_person', 'not_accepted')
  AND NOT EXISTS (SELECT FROM followup.pressure_check k WHERE k.case_id = c.id AND k.outcome IS NULL)
  AND NOT EXISTS (SELECT FROM followup.callback b WHERE b.case_id = c.id AND b.flagged AND b.decision IS NULL)
UNION ALL
SELECT 'forget_interviews', min(forget_at) FROM followup.interview_case WHERE case_id IS NOT NULL
UNION ALL
SELECT 'forget_bodies', greatest(f.next_at, $4 + least(
    (SELECT min(arrived_at) FROM survey.input WHERE channel = 'text' AND forgetting_id IS NULL),
    (SELECT min(at) FROM survey.text_out WHERE forgetting_id IS NULL),
    (SELECT min(ended_at) FROM survey.telling WHERE forgetting_id IS NULL AND ended_at IS NOT NULL)))
FROM survey.forgetting_round f
WHERE EXISTS (SELECT FROM survey.input WHERE channel = 'text' AND forgetting_id IS NULL)
   OR EXISTS (SELECT FROM survey.text_out WHERE forgetting_id IS NULL)
   OR EXISTS (SELECT FROM survey.telling WHERE forgetting_id IS NULL AND ended_at IS NOT NULL)
UNION ALL
SELECT 'seal_days', min(due_at) FROM followup.seal_due
UNION ALL
SELECT 'notify', min(due_at) FROM followup.notice WHERE due_at IS NOT NULL
UNION ALL
SELECT 'notify', min(due_at) FROM followup.notice_message WHERE due_at IS NOT NULL
UNION ALL
SELECT CASE WHEN min(lease_real) < $2 THEN 'notify' ELSE 'waiting_for_worker' END, $1
FROM followup.notice_message WHERE status = 'sending' HAVING count(*) > 0
UNION ALL
SELECT 'notify', $1 WHERE EXISTS (SELECT FROM survey.telling WHERE news AND starts_with(cause, 'notice:'))
UNION ALL
SELECT 'tell', greatest(p.next_at, t.due_at) FROM survey.pace p
CROSS JOIN LATERAL (SELECT min(due_at) AS due_at FROM survey.telling WHERE status = 'waiting') t
WHERE p.channel = 'text' AND t.due_at IS NOT NULL
UNION ALL
SELECT 'check_told', min(check_at) FROM survey.telling WHERE status IN ('unknown', 'accepted')
UNION ALL
SELECT CASE WHEN min(lease_real) < $2 THEN 'check_told' ELSE 'waiting_for_worker' END, $1
FROM survey.telling WHERE status = 'sending' HAVING count(*) > 0
UNION ALL
SELECT 'colours', min(look_at) FROM followup.case_clock
UNION ALL
SELECT 'climb', min(next_at) FROM followup.major_report WHERE next_at IS NOT NULL
UNION ALL
SELECT 'mind_suspicions', min(least(remind_at, answer_due_at)) FROM followup.suspicion WHERE state = 'asked'
UNION ALL
SELECT 'forward_cases', min(due_at) FROM followup.forwarded WHERE due_at IS NOT NULL
UNION ALL
SELECT 'forward_cases', $1 WHERE EXISTS (
    SELECT FROM followup.open311_endpoint e
    JOIN followup.assignment a ON a.unit_code = e.unit_code AND a.role = 'lead' AND a.dispatched_at >= e.added_at
    JOIN followup.case_file c ON c.id = a.case_id AND c.round = a.round AND c.status IN ('dispatched', 'in_progress')
    WHERE e.removed_at IS NULL
      AND NOT EXISTS (SELECT FROM followup.forwarded f
                      WHERE f.endpoint_id = e.id AND f.case_id = a.case_id AND f.round = a.round))
UNION ALL
SELECT 'hear_explained', $1 WHERE EXISTS (
    SELECT FROM followup.explanation x JOIN followup.notice n ON n.id = x.notice_id
    WHERE x.told_at IS NULL AND (n.delivered_at IS NOT NULL OR n.acknowledged_at IS NOT NULL))
UNION ALL
SELECT 'write_microdata', min(CASE WHEN state = 'wanted' OR lease_real < $2 THEN $1::timestamptz END)
FROM survey.microdata_export WHERE state IN ('wanted', 'writing')
UNION ALL
SELECT 'revisit', min(due_at) FROM followup.revisit WHERE status = 'planned'
UNION ALL
SELECT 'daily', min(n.next_at) FROM survey.daily_round n"""


@dataclass(frozen=True)
class Due:
    """A job and when it has something to do."""

    job: str
    at: datetime


async def due_jobs(conn: Any, now: datetime, real_now: datetime) -> list[Due]:
    """What is owed, the earliest moment of each job; dialling where the carrier's pace allows it."""
    kept = timedelta(hours=attempt_policy().appointment_hours)
    rows = await conn.fetch(SELECT_DUE, now, real_now, kept, retention_policy().texts)
    return [Due(row["job"], row["due_at"]) for row in rows if row["due_at"] is not None]
