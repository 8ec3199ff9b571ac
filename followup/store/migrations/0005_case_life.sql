-- Moves of a case beyond its first round: returns, extensions, parts, supplements, meetings, objections.
SELECT;
