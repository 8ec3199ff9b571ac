-- Whether who refused softly is asked once more in this campaign.
ALTER TABLE survey.campaign ADD COLUMN converts boolean NOT NULL DEFAULT true;
