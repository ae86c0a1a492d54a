"""QTI: packages, tests and items of versions 1.2, 2.1, 2.2 and 3.0, whoever wrote them.

What a question asks stands in its interactions (2, 3) or responses (1.2); what is right, and what is shown after an
answer, is found by running its rules on answers (`scoring`).

files.py          what was opened, as one document; media are found here
reading.py        which files hold what: from them to the deck
metadata.py       what manifests say
names.py          one set of names for all versions

tests2.py         QTI 2 and 3: tests and their sections
items2.py         which interaction asks
choosing.py       choices
typed.py          what is typed; texts with fields
placing.py        matches, gaps, orders
judging.py        an item's rules and feedback
declarations.py   an item's variables, and their values
rules.py          response processing
expressions.py    its operators
markup.py         elements as HTML

assessments1.py   QTI 1.2: assessments, banks, groups; Canvas's settings
forms1.py         two files with one ident: one quiz, or two?
pools1.py         Blackboard's older pools, which are no QTI
items1.py         an item's metadata
titles1.py        what people know it by
presentation.py   what it presents
kinds1.py         which kind it is
chosen1.py        choices and orders
typed1.py         what is typed
several1.py       several responses: blanks, menus, matchings
asking1.py        what these share: conditions, feedback, whom to tell
conditions.py     response conditions
material.py       materials as HTML

scoring.py        points and feedback, from answers that are tried
ranges.py         which numbers are right
question.py       a question before it is an item
build.py          items from questions; what the core would refuse is mended
ours.py           what cardforge's exporters did to fit QTI, undone
texts.py          HTML as texts of the deck, with their media
nodes.py          items and sections, and their places
findings.py       what is to be told
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from cardforge.plugin import Draft
from cardforge_sources.qti.files import looks_like_qti
from cardforge_sources.qti.reading import read


class QtiSource:
    """``.xml`` and ``.qti`` files, ``.zip`` packages and ``.imscc`` cartridges."""

    name: ClassVar[str] = "qti"
    summary: ClassVar[str] = "QTI 1.2, 2.1, 2.2 and 3.0: packages and items of Canvas, TAO, Respondus, Blackboard …"
    suffixes: ClassVar[tuple[str, ...]] = (".xml", ".qti", ".zip", ".imscc")
    rank: ClassVar[int] = 20

    def read(self, path: Path) -> Draft:
        return read(path)

    def recognises(self, path: Path) -> bool:
        """Whether the file is QTI, or an archive with a manifest, by its beginning."""
        return looks_like_qti(path)
