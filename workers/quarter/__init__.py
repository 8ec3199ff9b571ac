"""A simulated quarter of a county: thousands of cases through the real doors, with planted truth to find again."""
