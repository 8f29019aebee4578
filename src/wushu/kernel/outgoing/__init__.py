"""Asking other servers for something, without letting anybody aim the node at its own network.

``policy`` says which addresses may be asked (pure), ``client`` asks them.
"""
