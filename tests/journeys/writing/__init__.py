"""What can be changed on a node, by whom: tables of pages, of operations for programs and of commands.

Each names the members of the cast who may; everybody else is refused. ``scene`` makes the node and the
cast, and sends what the tables say.
"""
