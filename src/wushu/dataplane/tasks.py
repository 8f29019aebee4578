"""Background work, thin: parse, call a service."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from wushu.dataplane import services


@task()
def load_found(load: str) -> None:
    """Look into an upload."""
    services.load_inspect(UUID(load))


@task()
def load_run(load: str) -> None:
    """Make a version of a confirmed load."""
    services.load_run(UUID(load))
