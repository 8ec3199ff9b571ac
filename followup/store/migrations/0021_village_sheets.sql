-- The sheet for villages' notice boards (您说我办) and the score of the centre are issued like other reports.
ALTER TABLE followup.issued_report DROP CONSTRAINT issued_report_kind_check;
ALTER TABLE followup.issued_report ADD CONSTRAINT issued_report_kind_check
    CHECK (kind IN ('weekly', 'callback', 'unit', 'bulletin', 'morning', 'surveyor', 'village', 'centre'));
