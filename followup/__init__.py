"""Following up: cases, rounds, callbacks and verdicts. Puts people into survey, reads interviews out."""
