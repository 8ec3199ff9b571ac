-- The one-page morning sheet (晨报) and the sheet of the surveyors are issued like other reports.
ALTER TABLE followup.issued_report DROP CONSTRAINT issued_report_kind_check;
ALTER TABLE followup.issued_report ADD CONSTRAINT issued_report_kind_check
    CHECK (kind IN ('weekly', 'callback', 'unit', 'bulletin', 'morning', 'surveyor'));
