"""Whose download a file came from: its rows' order against the orders of those who were delivered.

``reading`` finds the file's rows in the version, ``judging`` says what their order proves, ``tracing`` does
both for every delivery. The orders themselves are made in ``dataplane.query.ordering``.
"""
