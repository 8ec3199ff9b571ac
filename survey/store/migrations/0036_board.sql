-- The live board reads what was dialled today, whatever there was before (`attempt_dialled`, migration 0035), and what waits to be read.
CREATE INDEX inbox_text_unread ON survey.inbox_text (input_id) WHERE read_at IS NULL;
CREATE INDEX parked_signal_waiting ON survey.parked_signal (id) WHERE resolved_at IS NULL;
