"""Who may use the house: accounts with roles and areas, passwords, sessions, and a record of all of it."""
