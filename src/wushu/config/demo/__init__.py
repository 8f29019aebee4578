"""The demonstration region: an invented city, its departments and people, and real tables.

Everything about the city is fiction and says so. The tables are real: they come out of packages of
the Python registry, with their origin and licence, and go through the same services as any clerk's.
"""
