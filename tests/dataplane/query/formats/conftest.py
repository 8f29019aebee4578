"""The tables, published on a running data plane."""

from __future__ import annotations

import pytest

from tests.dataplane.query import support
from tests.dataplane.query.formats.tables import EDGE_ROWS, EDGES, PLACES, STOPS
from tests.evidence.conftest import initialise


@pytest.fixture
def places(node):
    initialise()
    dataset = support.publish("stops", fields=PLACES, rows=STOPS)
    support.grant(dataset)
    return dataset


@pytest.fixture
def edges(node):
    initialise()
    dataset = support.publish("edges", fields=EDGES, rows=EDGE_ROWS)
    support.grant(dataset)
    return dataset
