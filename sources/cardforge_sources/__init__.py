"""The sources that come with cardforge: one module or folder a format, and what several of them share.

question_bank/    questions of Moodle XML, GIFT and Aiken as items
foreign_texts.py  HTML of other programs' cards as texts
deletions.py      deletions of a cloze text, made of what is typed into blanks
xml.py            XML that anybody may have made
archive.py        zip archives that anybody may have made
file_names.py     names of files that come from another system
sound_links.py    links to sound and film, whose words stay
hashed_names.py   the names that exporters give to media, undone
lines.py          what is written in one line: titles, ids, levels
alike.py          texts that are the same, told apart
conflict.py       merge conflicts
places.py         where parts stand, for sources that read no text character by character
findings.py       what is told of items that others wrote
"""
