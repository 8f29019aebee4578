"""Descriptions of a dataset's table for programs that read CSV: Frictionless Data Package, CSVW."""

from wushu.catalog.tables.csvw import csvw
from wushu.catalog.tables.datapackage import datapackage
from wushu.catalog.tables.described import Described

__all__ = ["Described", "csvw", "datapackage"]
