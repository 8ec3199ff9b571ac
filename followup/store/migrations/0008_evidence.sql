-- Callbacks: second callbacks, rejections that are told, suspected false closings and what became of them.
SELECT;
