"""Background work of a node: the task queue, and the steady jobs of the evidence log.

Several workers may run; the log's sequencer holds a lock, the queue hands each task out once.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from types import FrameType

from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from wushu.casework import services as casework
from wushu.catalog import services as catalog
from wushu.config import heartbeat
from wushu.dataplane import services as dataplane
from wushu.evidence import services as evidence
from wushu.harvest import services as harvest
from wushu.kernel.errors import Refusal
from wushu.opening import services as opening

logger = logging.getLogger(__name__)

SEQUENCE_EVERY = 0.3
"""Seconds between two looks for acts that are not in the tree yet."""
QUALITY_EVERY = 5.0
"""Seconds between two batches of datasets whose description is assessed."""
POPULARITY_EVERY = 300.0
"""Seconds after which lists learn anew which datasets are used most."""
HARVEST_EVERY = 20.0
"""Seconds between two looks for catalogues of others whose time has come."""
SEAL_EVERY = 60.0
"""Seconds between two batches of private read receipts whose root enters the log."""
MEASURE_EVERY = 5.0
"""Seconds between two looks for downloads whose size and digest are not known yet."""
NOTIFY_EVERY = 2.0
"""Seconds between two looks for what subscribers are to be told."""
SEND_EVERY = 2.0
"""The same for messages that wait in the outbox."""
RESUME_EVERY = 60.0
"""Seconds between two looks for programs whose worker is gone."""
CASES_EVERY = 600.0
"""Seconds between two looks for due days that come near or have passed, and for uses that are over."""
SWEEP_EVERY = 60.0
"""Seconds between two looks for what is kept no longer, closed accounts' belongings first."""


def run(*, once: bool) -> None:
    """Work until SIGTERM or Ctrl-C; ``once``: do what waits now and return."""
    dataplane.loads_resume()
    opening.computations_resume()
    tasks = Worker(
        queue_names=["*"],
        interval=0.5,
        batch=once,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    if once:
        tasks.run()
        dataplane.exports_measure()
        harvest.sources_harvest_due()
        dataplane.receipts_seal()
        dataplane.popularity_refresh()
        opening.demand_refresh()
        while catalog.quality_refresh():
            pass
        evidence.sequence()
        _cases()
        opening.belongings_sweep()
        _tell()
        opening.notices_send()
        return
    ended = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        tasks.running = False
        ended.set()
        if not tasks.running_task:
            raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    beating = heartbeat.Heartbeat()
    beating.beat()
    steady: tuple[tuple[Callable[[], object], float], ...] = (
        (beating.beat, heartbeat.EVERY),
        (evidence.sequence, SEQUENCE_EVERY),
        (dataplane.receipts_seal, SEAL_EVERY),
        (_harvesting(ended), HARVEST_EVERY),
        (_tell, NOTIFY_EVERY),
        (opening.notices_send, SEND_EVERY),
        (opening.computations_resume, RESUME_EVERY),
        (_cases, CASES_EVERY),
        (opening.belongings_sweep, SWEEP_EVERY),
        (catalog.quality_refresh, QUALITY_EVERY),
        (opening.demand_refresh, POPULARITY_EVERY),
        (dataplane.popularity_refresh, POPULARITY_EVERY),
        (_measuring(ended), MEASURE_EVERY),
    )
    jobs = [threading.Thread(target=_steadily, args=(job, pause, ended)) for job, pause in steady]
    for job in jobs:
        job.start()
    try:
        tasks.run()
    finally:
        ended.set()
        for job in jobs:
            job.join()
        beating.end()


def _measuring(ended: threading.Event) -> Callable[[], None]:
    """Rounds of measuring, each from the change of the catalogue at which the last one ended."""
    until: datetime | None = None

    def job() -> None:
        nonlocal until
        until = dataplane.exports_measure(after=until, stopped=ended.is_set).until

    return job


def _harvesting(ended: threading.Event) -> Callable[[], int]:
    """Reads the catalogues whose time has come; a reading ends between two answers."""
    return partial(harvest.sources_harvest_due, is_ending=ended.is_set)


def _cases() -> None:
    """What the calendar does to open cases: counted again, lapsed, reminded of, ended."""
    casework.turns_recount()
    casework.answers_recount()
    casework.cases_lapse()
    casework.turns_watch()
    opening.cases_end_due()


def _tell() -> None:
    """Read the log for what subscribers are to be told, and put it into their outboxes."""
    opening.case_notices_take()
    opening.events_take()
    opening.events_fan_out()


def _steadily(job: Callable[[], object], pause: float, ended: threading.Event) -> None:
    """Run the job again and again; a refusal is logged once until it changes, never hidden."""
    said = ""
    while not ended.wait(pause):
        try:
            job()
        except Refusal as refusal:
            if str(refusal) != said:
                logger.error("%s", refusal)
            said = str(refusal)
        except Exception:
            # The database or disk may be away for a moment: keep the job, and say what happened.
            logger.exception("a steady job failed; it runs again in %s s", pause)
        else:
            said = ""
        finally:
            close_old_connections()
