"""The parts of reading HTML: `cardforge.text.from_html` puts them together.

media.py    the files that a text names, by the deck's paths
marks.py    what programs read beside HTML: formulas and sounds
mathml.py   presentational MathML as LaTeX
shape.py    what a browser shows of HTML, however it is written
reader.py   from sanitised XHTML to its shape
runs.py     the runs of a paragraph
noise.py    what editors leave behind and nobody sees
writer.py   a shape as Markdown
inline.py   what stands in its lines
"""
