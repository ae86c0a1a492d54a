"""The exporter for the study page: one HTML file that asks, judges and remembers, without a network.

exporter.py   what the page holds, its options, and the order of work
page.py       the file around the items: policy, style, scripts
items.py      items as the data that the page's scripts read
limits.py     what a page cannot show as it is
formulas.py   formulas as MathML, and a font with the characters that they need
media.py      media files as data: addresses

The page itself is beside them: page.css, and the scripts in the order of `page.SCRIPTS`.
"""

from cardforge_exporters.html.exporter import HtmlExporter

__all__ = ["HtmlExporter"]
