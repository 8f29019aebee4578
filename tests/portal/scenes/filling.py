"""Fills a node, scene by scene."""

from __future__ import annotations

from tests.portal.scenes import Scenes
from tests.portal.scenes.belonging import belongings, incidents
from tests.portal.scenes.datasets import Datasets
from tests.portal.scenes.desk import Desk
from tests.portal.scenes.neighbour import harvest
from tests.portal.scenes.people import admitted
from wushu.evidence import services as evidence


def fill() -> Scenes:
    """Fill an initialised, empty node."""
    made = Scenes()
    people = admitted(made)
    Datasets(people, made).all()
    desk = Desk(people, made)
    desk.at_work()
    harvest(made)
    belongings(made)
    incidents(made)
    evidence.sequence()
    desk.corrections()
    evidence.sequence()
    return made
