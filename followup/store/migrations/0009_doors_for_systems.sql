-- Doors for other systems: keys, idempotency, subscriptions and their deliveries, Open311.
SELECT;
