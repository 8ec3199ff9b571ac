"""Following up: cases, their rounds, callbacks and verdicts. Puts people into survey, reads interviews out of it."""
