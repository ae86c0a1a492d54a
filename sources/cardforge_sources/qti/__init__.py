"""QTI: packages, tests and items of versions 1.2, 2.1, 2.2 and 3.0, whoever wrote them.

What a question asks stands in its interactions (2, 3) or responses (1.2); what is right, and what is shown after an
answer, is found by running its rules on answers (`scoring`).

v1/            QTI 1.2, and Blackboard's older pools
v2/            QTI 2.1, 2.2 and 3.0

files.py       what was opened, as one document; media are found here
reading.py     which files hold what: from them to the deck
metadata.py    what manifests say
names.py       one set of names for all versions
markup.py      elements as HTML
numbers.py     numbers as they are written

question.py    a question before it is an item
scoring.py     points and feedback, from answers that are tried
ranges.py      which numbers are right
kinds.py       each kind of item, from a question
build.py       what items of every kind have; what the core would refuse is mended
ours.py        what cardforge's exporters did to fit QTI, undone
texts.py       HTML as texts of the deck, with their media
nodes.py       items and sections, and their places
findings.py    what is to be told
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
