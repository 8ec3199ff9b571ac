-- At its desk a unit also asks a resident through the centre (followup.relay).
ALTER TABLE followup.unit_act DROP CONSTRAINT unit_act_act_check;
ALTER TABLE followup.unit_act ADD CONSTRAINT unit_act_act_check
    CHECK (act IN ('sign', 'return', 'ask_time', 'plan', 'part', 'report', 'call', 'answer', 'picture', 'relay'));
