"""Open311 GeoReport v2: our categories as services, our cases as requests; and other endpoints, asked in the same language."""
