"""Writes of the log, for all who act."""

from __future__ import annotations

from wushu.evidence.initialising import node_initialise
from wushu.evidence.losses import losses_accept, salts_destroy
from wushu.evidence.migrating import Rerecording
from wushu.evidence.proving import RecordCheck
from wushu.evidence.recording import record
from wushu.evidence.recovering import recover
from wushu.evidence.sequencing import sequence
from wushu.evidence.verifying import Verification

__all__ = [
    "RecordCheck",
    "Rerecording",
    "Verification",
    "losses_accept",
    "node_initialise",
    "record",
    "recover",
    "salts_destroy",
    "sequence",
]
