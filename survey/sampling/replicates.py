"""A drawn sample in replicates: small samples of the same kind, released one after the other and each worked to its end."""


def in_replicates(n: int, size: int) -> list[int]:
    """The replicate of each of `n` people who stand by stratum and, inside it, by their permanent random number.

    Dealt out one after the other, so each replicate is a systematic sample with every stratum's share to within one person; as
    permanent random numbers are random, so is the replicate that a person falls into. About `size` people in each.
    """
    if size < 1:
        raise ValueError(f"replicates: a size of {size}; choose 1 or more")
    count = max(1, round(n / size))
    return [at % count for at in range(n)]
