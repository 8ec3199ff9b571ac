-- By its link a unit asks for a masked call too, as often as it needs one.
ALTER TABLE followup.unit_link_use DROP CONSTRAINT unit_link_use_act_check;
ALTER TABLE followup.unit_link_use ADD CONSTRAINT unit_link_use_act_check CHECK (act IN ('view', 'sign', 'report', 'call'));
