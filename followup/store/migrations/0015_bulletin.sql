-- The quarterly bulletin (季通报) is issued and corrected as the other reports are.

ALTER TABLE followup.issued_report DROP CONSTRAINT issued_report_kind_check;
ALTER TABLE followup.issued_report ADD CONSTRAINT issued_report_kind_check
    CHECK (kind IN ('weekly', 'callback', 'unit', 'bulletin'));
