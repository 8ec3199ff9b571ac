"""Statistics: outcome rates, weights, estimates by design, their intervals and what is not published. Pure; every figure says on
how many it rests."""
