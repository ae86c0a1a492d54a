"""The exporter for Anki: packages (.apkg) that update in place and keep every review history.

exporter.py    the exporter: options, what is held, the order of work
limits.py      what becomes of single tags, titles and texts
cards.py       an item's texts as the fields of a note
tasks.py       what a question's front asks with, and what its back answers with
note_types.py  Anki's note types: fields frozen, templates, styles and script beside them in templates/
previous.py    what the package written last time holds
identity.py    which note an item is: by id, and by its text where an item has no id
likeness.py    how like two texts are
continued.py   items that come from another deck's package
changes.py     what to tell of the way from the last package to this one
package.py     rows, database and zip file
"""

from cardforge_exporters.anki.exporter import AnkiExporter

__all__ = ["AnkiExporter"]
