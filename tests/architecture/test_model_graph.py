"""Tables and signals follow the table of the architecture too.

The import contract cannot see a foreign key written as text, nor who listens to whose signals.
"""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db import models
from django.db.models.signals import post_save
from django.dispatch import Signal
from django.test.utils import isolate_apps

from tests.architecture.source import MAY_USE
from wushu.kernel.tables import TableKind


class Edge(NamedTuple):
    """One app knows of another by a field or a signal."""

    source: str
    target: str
    how: str


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if _app(m.__module__)]


def relations(of: Iterable[type[models.Model]]) -> Iterator[Edge]:
    """Foreign keys, one-to-one and many-to-many fields between apps of this product."""
    for model in of:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            related = field.remote_field.model if field.remote_field else None
            if related is None:
                continue
            if isinstance(related, str):  # a lazy reference that never resolved
                yield Edge(
                    model._meta.app_label, related.partition(".")[0], f"{field} -> {related}"
                )
            elif _app(related.__module__):
                how = f"{model._meta.label}.{field.name} -> {related._meta.label}"
                yield Edge(model._meta.app_label, related._meta.app_label, how)


def listeners(signals: Iterable[tuple[Signal, str]]) -> Iterator[Edge]:
    """Receivers in one app of what another app's models send, or of a signal it owns."""
    senders = {id(model): model._meta.app_label for model in apps.get_models()}
    for signal, owner in signals:
        for (_, sender), reference, _ in signal.receivers:
            receiver = reference() if isinstance(reference, weakref.ref) else reference
            listening = _app(getattr(receiver, "__module__", "") or "")
            sending = owner or senders.get(sender, "")
            if listening and sending in MAY_USE:
                yield Edge(listening, sending, f"{receiver!r} listens to {sending}")


def all_signals() -> list[tuple[Signal, str]]:
    """Every live signal with the app that owns it; Django's own have none."""
    owned = {
        id(value): _app(getattr(config.module, "__name__", ""))
        for config in apps.get_app_configs()
        for module in _modules_of(config.name)
        for value in vars(module).values()
        if isinstance(value, Signal) and module.__name__.startswith("wushu.")
    }
    return [
        (found, owned.get(id(found), ""))
        for found in gc.get_objects()
        if issubclass(type(found), Signal)  # isinstance would wake lazy objects
    ]


def forbidden(edges: Iterable[Edge]) -> list[str]:
    return [
        f"{edge.source} may not know {edge.target}: {edge.how}"
        for edge in edges
        if edge.source != edge.target and edge.target not in MAY_USE[edge.source]
    ]


def _modules_of(package: str) -> list[object]:
    return [m for name, m in list(sys.modules.items()) if m and name.startswith(f"{package}.")]


def _app(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "wushu" and len(parts) > 1 else ""


def test_fields_point_only_at_apps_that_may_be_known():
    edges = list(relations(our_models()))
    assert edges, "the walk found no relation at all: it no longer sees the models"
    assert forbidden(edges) == []


def test_signals_are_heard_only_from_apps_that_may_be_known():
    signals = all_signals()
    assert any(signal is post_save for signal, _ in signals)
    assert forbidden(listeners(signals)) == []


@isolate_apps("wushu.parties")
@pytest.mark.parametrize("kind", [models.ForeignKey, models.OneToOneField, models.ManyToManyField])
def test_a_field_upwards_written_as_text_is_caught(kind):
    options = {} if kind is models.ManyToManyField else {"on_delete": models.PROTECT}

    class Planted(models.Model):  # noqa: DJ008  (never shown)
        entry = kind("catalog.Entry", **options)

        class Meta:
            app_label = "parties"

    Planted.__module__ = "wushu.parties.models"
    assert forbidden(relations([Planted])) != []


def test_a_field_downwards_is_allowed():
    assert (
        forbidden([Edge("catalog", "parties", "Entry.body"), Edge("parties", "parties", "")]) == []
    )


def test_a_listener_upwards_is_caught():
    def receiver(sender, **kwargs):
        pass

    receiver.__module__ = "wushu.parties.models"
    entry = apps.get_model("catalog", "Entry")
    signal = Signal()
    signal.connect(receiver, sender=entry)
    assert forbidden(listeners([(signal, "")])) != []
    signal.disconnect(receiver, sender=entry)
    signal.connect(receiver)
    assert forbidden(listeners([(signal, "")])) == []
    assert forbidden(listeners([(signal, "evidence")])) != []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_table_says_how_it_stands_to_the_log(model):
    assert isinstance(getattr(model, "evidence", None), TableKind), (
        f"{model._meta.label} must name `evidence = TableKind...`"
        " (a many-to-many field needs a `through` model of its own)"
    )


def test_the_portal_and_the_kernel_have_no_tables():
    assert [m for m in our_models() if m._meta.app_label in ("portal", "kernel", "config")] == []
