"""Statistics: outcome rates, proportions and their intervals. Pure; every rate says on how many it rests."""
