"""Wushu (五数): public services of a region's data and computing power."""

__version__ = "0.2.0.dev0"
