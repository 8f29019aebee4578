"""``python -m wushu.config`` is the command ``wushu``."""

from wushu.config.cli import main

main()
