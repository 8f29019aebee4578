"""What the wiring shares with the pages: figures for programs, the maker of the API's description."""

from wushu.portal.api_page import bind as bind_api_description
from wushu.portal.scoreboard_page import Board, Line, board

__all__ = ["Board", "Line", "bind_api_description", "board"]
