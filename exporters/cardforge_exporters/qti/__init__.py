"""The exporters for QTI 2.1, 2.2 and 3.0.

exporter.py  the exporters, their options, what QTI holds
limits.py    what it cannot hold because of a value
items.py     an item: what is asked, how it is scored, what is shown after it
package.py   the package: test, manifest, media
names.py     what differs from version to version
xhtml.py     texts as QTI's schemas allow them
"""

from cardforge_exporters.qti.exporter import Qti21Exporter, Qti30Exporter

__all__ = ["Qti21Exporter", "Qti30Exporter"]
