"""The fictional city of Anlan: areas, units, residents and closed cases, and the truth planted in them."""

from workers.city.areas import Area, Centre, areas, centre, centres, counties
from workers.city.closed_cases import PLANTED_RESULTS, closed_cases
from workers.city.planted import UnitTruth, Work, unit_truth, work
from workers.city.population import population
from workers.city.residents import residents
from workers.city.seed_lists import Dirty, SeedList, SeedRow
from workers.city.units import Unit, units

__all__ = [
    "PLANTED_RESULTS",
    "Area",
    "Centre",
    "Dirty",
    "SeedList",
    "SeedRow",
    "Unit",
    "UnitTruth",
    "Work",
    "areas",
    "centre",
    "centres",
    "closed_cases",
    "counties",
    "population",
    "residents",
    "unit_truth",
    "units",
    "work",
]
