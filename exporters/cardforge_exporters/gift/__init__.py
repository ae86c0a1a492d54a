"""The exporter for GIFT: questions as lines of text, which Moodle and many other programs import.

exporter.py    the exporter: what is held, the order of work
questions.py   an item as one question or several
texts.py       texts and signs as GIFT reads them
limits.py      what depends on values
"""

from cardforge_exporters.gift.exporter import GiftExporter

__all__ = ["GiftExporter"]
