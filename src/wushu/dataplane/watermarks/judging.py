"""What the order of a file's rows proves; pure.

The key of an order is drawn anew for each grant and version and never leaves the node. For a delivery whose
reader had no part in a file, each pair of its rows stands as that key has it with a chance of one half,
independently of all other pairs, *whatever was done to the file*: the file was made without the key. So the
number of pairs that agree is binomial and its tail is the exact chance of a wrong accusation. It is multiplied
by how many deliveries and readings were tried (Bonferroni).

This is the view of Furon and Desoubeaux, "Tardos codes for real" (IEEE WIFS 2014): given the file, the
innocent's code is what is random.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from uuid import UUID

from wushu.dataplane.watermarks.types import Fit, Reading

LEVEL = 1e-6
"""Nobody is named above this chance of naming somebody who never had the file, in one trace: a city with a
thousand traces a year would wait a thousand years for the first wrong one."""


def log10_tail(pairs: int, agreeing: int) -> float:
    """log10 of the chance that of so many fair coins at least ``agreeing`` fall on one side; 0 below half."""
    if 2 * agreeing <= pairs:
        return 0.0
    log_term = (
        math.lgamma(pairs + 1)
        - math.lgamma(agreeing + 1)
        - math.lgamma(pairs - agreeing + 1)
        - pairs * math.log(2)
    )
    # Each next term is a smaller part of the one before it, so that the sum is soon known.
    total, term = 0.0, 1.0
    for heads in range(agreeing, pairs + 1):
        total += term
        term *= (pairs - heads) / (heads + 1)
        if term < total * 1e-17:
            break
    return min(0.0, (log_term + math.log(total)) / math.log(10))


def readings_of(counts: Sequence[Reading]) -> tuple[Reading, ...]:
    """Each as it stands, and from the file's end to its beginning."""
    return tuple(
        reading
        for one in counts
        for reading in (
            one,
            Reading(one.pairing, not one.backwards, one.pairs - one.agreeing, one.pairs),
        )
    )


def judged(found: Mapping[UUID, Sequence[Reading]]) -> tuple[Fit, ...]:
    """Every delivery's best reading with its chance, the best delivery first; ``LEVEL`` decides."""
    tried = sum(len(readings_of(counts)) for counts in found.values())
    fits = [_fit(grant, readings_of(counts), tried) for grant, counts in found.items()]
    return tuple(sorted(fits, key=lambda fit: (fit.log10_p, str(fit.grant))))


def _fit(grant: UUID, readings: Sequence[Reading], tried: int) -> Fit:
    log10_p, _, best = min(
        (log10_tail(one.pairs, one.agreeing), place, one) for place, one in enumerate(readings)
    )
    corrected = min(0.0, log10_p + math.log10(tried))
    return Fit(grant, best, round(corrected, 2), named=corrected <= math.log10(LEVEL))
