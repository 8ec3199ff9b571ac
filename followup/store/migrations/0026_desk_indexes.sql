-- What the desks of units and supervision offices look for, by whom: without these each page reads every case of the city.
CREATE INDEX assignment_unit ON followup.assignment (unit_code, case_id);
CREATE INDEX result_unit ON followup.result (unit_code);
CREATE INDEX case_file_at_office ON followup.case_file (centre_code) WHERE status IN ('submitted', 'return_review');
