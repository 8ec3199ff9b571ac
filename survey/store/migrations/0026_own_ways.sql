-- What holds for one person alone, whatever their campaign does.
ALTER TABLE survey.sample_unit
    ADD COLUMN not_by text,     -- the operator who must not ask them: who took an appeal in does not ask how it was done
    ADD COLUMN modes  text[],   -- by which modes alone, in their order: somebody who reads their texts may be the danger
    ADD COLUMN hours  jsonb;    -- when alone, as a campaign's own hours
