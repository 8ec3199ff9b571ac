-- Answers of a period, over all campaigns that asked in it: a report of a week is made of many.
ALTER TABLE survey.microdata_export
    ALTER COLUMN campaign DROP NOT NULL,           -- NULL: every daily campaign and wave of the period
    ADD COLUMN period text,                        -- as it was written, 2026-W11; NULL: all days
    ADD CHECK (campaign IS NOT NULL OR period IS NOT NULL);
