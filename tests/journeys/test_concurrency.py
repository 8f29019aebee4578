"""Four writers, a worker and another sequencer at once: none lost, none refused, none twice."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.journeys.node import Database, driven
from tests.journeys.test_kills import check_acknowledged, check_history
from wushu.evidence.rules.notes import VerifierKey

WRITERS = 4
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
        # The real worker waits for the other's lock; the other leaves the work to it.
        worker = driver.fork("work")
        helper = driver.fork("sequence", until=str(done))
        seen = [driver.published(key)]
        while len(driver.acknowledged) < ACTS:
            assert driver.listen(30), driver.said()
            if (now := driver.published(key)) != seen[-1]:
                seen.append(now)
        assert [driver.wait(pid) for pid in writers] == [0] * WRITERS, driver.said()
        done.touch()
        os.kill(worker, signal.SIGTERM)
        assert [driver.wait(worker), driver.wait(helper)] == [0, 0], driver.said()
        assert driver.said() == ""
        assert len(driver.acknowledged) == ACTS
        assert driver.ask("sequence-once") == 1 + ACTS
        seen.append(driver.published(key))
        assert len(seen) > 5
        check_history(driver, key, seen)
        check_acknowledged(driver, 1 + ACTS)
        assert driver.ask("audit") == []
