-- Quotas by what people answer, {quota: [[cell, {question: [codes]}], …]}. Their seats are in quota_seat like all others; they are held
-- with the answer that tells the cell, which sample_unit.cells remembers for a later contact.
ALTER TABLE survey.campaign ADD COLUMN answer_quotas jsonb NOT NULL DEFAULT '{}';
