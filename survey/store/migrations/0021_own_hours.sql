-- A campaign's own calling hours, narrower than the policy's: {"windows": ["17:00-20:00"], "weekdays": ["mon"]}; NULL: it has none.
ALTER TABLE survey.campaign ADD COLUMN hours jsonb;
