"""A node's backup: taken while it works, checked without it, restored elsewhere.

The database is copied first, in one snapshot, and the files that this snapshot names after it. That
order is safe because of how the node writes: an original, a version's files and a tile are on disk
before the row that names them, and none of them is ever changed or removed while a row names it. So
every row of the copy finds its files, however much is written meanwhile; what came later is in the
next backup. ``docs/decisions/0011-backup.md`` says more.
"""
