"""The exporter for Canvas: a QTI 1.2 package with the conventions that Canvas's importers expect.

questions.py  an item as one or two of Canvas's questions
markup.py     texts as HTML that both of Canvas's importers read alike
qti.py        a question as a QTI 1.2 item
package.py    the files of the package: questions, settings, manifest, media
limits.py     what of a deck Canvas cannot hold, as far as it depends on values
exporter.py   the options, and what Canvas holds
"""

from cardforge_exporters.canvas.exporter import CanvasExporter

__all__ = ["CanvasExporter"]
