"""Addresses of this app for programs."""

from wushu.opening.api import case_work, cases, subscriptions

__all__ = ["case_work", "cases", "subscriptions"]
