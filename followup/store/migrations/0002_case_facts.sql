-- What the handling of a case depends on, beside what it is about; and what an event says beyond its reason.

ALTER TABLE followup.case_file
    ADD COLUMN urgency text NOT NULL DEFAULT 'normal' CHECK (urgency IN ('normal', 'urgent', 'major')),
    ADD COLUMN sudden boolean NOT NULL DEFAULT false,          -- straight to the township (突发)
    ADD COLUMN anonymity text NOT NULL DEFAULT 'named'
        CHECK (anonymity IN ('named', 'confidential', 'anonymous')),   -- 实名, 保密, 匿名
    ADD COLUMN criticised_unit text REFERENCES followup.unit,  -- whose official is criticised: it never gets the case
    ADD COLUMN office text CHECK (office IN ('party', 'government')),  -- which supervision office it was handed to
    ADD COLUMN first_handler text;                             -- first asked, first responsible (首问首办); never changed once there

ALTER TABLE followup.case_event ADD COLUMN detail jsonb;       -- facts of the event: who leads, which limit, what was agreed
