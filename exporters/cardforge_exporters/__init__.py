"""The exporters that come with cardforge: one module or folder a format, and what several of them share.

quiz.py           what every quiz says of an item in the same way
quiz_limits.py    what every quiz loses in the same way
shared_losses.py  what programs of all sorts lose in the same way
blanks.py         cloze texts as blanks to be typed into
asking.py         how an item asks where nothing can react
judging.py        an item's key, and the script that judges by it
lms_markup.py     HTML as Moodle and Canvas show it
anki_markup.py    Anki's markup, tags and names of decks
mathml.py         formulas as MathML
media_files.py    the media of a deck under their names in a package
media_types.py    their media types
archive.py        zip files that are the same whenever they are made
identifiers.py    identifiers from ids
earlier.py        whether a file is an earlier export of a deck
missing_ids.py    the notice that ids are missing
"""
