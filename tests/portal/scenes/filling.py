"""Fills a node, scene by scene."""

from __future__ import annotations

from tests.portal.scenes import Scenes
from tests.portal.scenes.belonging import belongings, incidents
from tests.portal.scenes.cases import breach, cases, listing
from tests.portal.scenes.computations import computations
from tests.portal.scenes.contests import contests
from tests.portal.scenes.datasets import Datasets
from tests.portal.scenes.desk import Desk
from tests.portal.scenes.needs import needs
from tests.portal.scenes.neighbour import harvest
from tests.portal.scenes.people import admitted
from tests.portal.scenes.plans import assessments, plans
from tests.portal.scenes.results import results
from wushu.evidence import services as evidence
from wushu.opening import services as opening


def fill() -> Scenes:
    """Fill an initialised, empty node."""
    made = Scenes()
    people = admitted(made)
    Datasets(people, made).all()
    desk = Desk(people, made)
    desk.at_work()
    cases(people, made)
    breach(people, made)
    listing(people, made)
    plans(people, made)
    needs(people, made)
    assessments(people, made)
    results(people, made)
    contests(people, made)
    computations(people, made)
    harvest(made)
    belongings(made)
    incidents(made)
    evidence.sequence()
    desk.corrections()
    evidence.sequence()
    opening.case_notices_take()
    return made
