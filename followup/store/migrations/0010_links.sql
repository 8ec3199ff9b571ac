-- Units without an account: signed links, spreadsheets.
SELECT;
