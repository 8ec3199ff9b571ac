"""Looking at every page as people see it: which there are, who opens them, what is wrong with them, and pictures."""
