"""The exporter for Moodle: questions (and glossary entries) in the XML that Moodle's own import reads.

exporter.py    the exporter: options, what is held, the order of work
questions.py   an item as one question or two
categories.py  deck and sections as question categories
glossary.py    flashcards as entries of a glossary
matching.py    right sides as the plain lines that Moodle wants
fractions.py   the shares of the points that Moodle knows
names.py       names, idnumbers and tags that its import leaves as they are
limits.py      what depends on values: refusals and losses
texts.py       a text and the media files in it
xml.py         characters and files in XML, so that Moodle's parser reads them whole
"""

from cardforge_exporters.moodle.exporter import MoodleExporter

__all__ = ["MoodleExporter"]
