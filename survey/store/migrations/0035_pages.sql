-- What pages ask of attempts, found by `minyi bench pages`: each read all of them.

-- Attempts are written in the order in which they are dialled, so a summary of every few pages is enough, and costs a write nothing.
CREATE INDEX attempt_dialled ON survey.attempt USING brin (dialing_at) WITH (pages_per_range = 16);
CREATE INDEX attempt_answered ON survey.attempt USING brin (answered_at) WITH (pages_per_range = 16);

-- An operator's own day, at the head of the desk.
CREATE INDEX attempt_operator_day ON survey.attempt (operator, day) WHERE operator IS NOT NULL;
