"""``with refused("not-governing"):`` reads as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from wushu.kernel.errors import Refusal


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The block raises the refusal with this name, and no other."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.name == name, caught.value
    assert caught.value.sentence("zh")
    assert caught.value.way_out("zh")
