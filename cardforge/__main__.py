"""``python -m cardforge`` is the command line."""

from cardforge.cli import main

main()
