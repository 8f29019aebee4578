"""Background work, thin: parse, call a service."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from wushu.opening import services


@task()
def computation_run(computation: str) -> None:
    """Run a program that waits."""
    services.computation_run(UUID(computation))
