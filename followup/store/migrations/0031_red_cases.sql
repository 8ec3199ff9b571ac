-- The live board counts the cases that are red now, whatever number of them was ever closed.
CREATE INDEX case_clock_red ON followup.case_clock (case_id) WHERE colour = 'red';
