"""Four writers and two sequencing workers at once: none lost, none refused, none twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.node import Database, driven
from tests.journeys.test_kills import check_acknowledged, check_history
from wushu.evidence.rules.notes import VerifierKey

WRITERS = 4
WORKERS = 2
ACTS = 2000


@pytest.mark.slow
def test_two_thousand_acts_of_four_writers_and_two_workers(
    database: Database, tmp_path: Path
) -> None:
    with driven(tmp_path / "home", database.create("concurrency")) as driver:
        key = VerifierKey.parse(driver.ask("init"))
        writers = [
            driver.fork("write", seed=seed, acts=ACTS // WRITERS, sequence=0)
            for seed in range(WRITERS)
        ]
        done = tmp_path / "done"
        # One worker waits for the other's lock, the other leaves the work to the first.
        workers = [
            driver.fork("sequence", until=str(done), wait=bool(worker)) for worker in range(WORKERS)
        ]
        seen = [driver.published(key)]
        while len(driver.acknowledged) < ACTS:
            assert driver.listen(30), driver.said()
            if (now := driver.published(key)) != seen[-1]:
                seen.append(now)
        assert [driver.wait(pid) for pid in writers] == [0] * WRITERS
        done.touch()
        assert [driver.wait(pid) for pid in workers] == [0] * WORKERS
        assert driver.said() == ""
        assert len(driver.acknowledged) == ACTS
        assert driver.ask("sequence-once") == 1 + ACTS
        seen.append(driver.published(key))
        assert len(seen) > 5
        check_history(driver, key, seen)
        check_acknowledged(driver, 1 + ACTS)
        assert driver.ask("audit") == []
