"""What the wiring reads of the pages: figures that are also given to programs."""

from wushu.portal.scoreboard_page import Board, Line, board

__all__ = ["Board", "Line", "board"]
