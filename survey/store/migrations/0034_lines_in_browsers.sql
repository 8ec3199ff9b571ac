-- Operators whose telephone is a browser (docs/decisions/0046-a-browser-is-a-telephone.md).

-- in_browser  the line of this duty is called at the carrier under a name made from the account (survey/browser_lines.py); a number
--             that was given for another duty is kept beside it
ALTER TABLE survey.linked_operator
    ADD COLUMN in_browser boolean NOT NULL DEFAULT false,
    ALTER COLUMN number_cipher DROP NOT NULL,
    ADD CONSTRAINT linked_operator_can_be_called CHECK (in_browser OR number_cipher IS NOT NULL);
