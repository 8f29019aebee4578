"""The commands of ``wushu``, one module a subject."""
