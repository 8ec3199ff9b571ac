"""A campaign under fire: workers, web, queue and database killed at random, a carrier that fails; and what must hold after it."""
