-- Time: urging, escalation, major incident reports, accountability.
SELECT;
