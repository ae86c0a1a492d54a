"""Packages that Anki or cardforge wrote: ``.apkg``, and ``.colpkg``, a whole collection.

package.py     what is in the zip archive, in each of its three generations
collection.py  the database as records, in each of its two schemas
protobuf.py    Anki's settings in the newer one
own.py         notes of cardforge's own note types: the items that they were
elements.py    finding elements in what cardforge wrote
foreign.py     notes of all others, read through their templates
templates.py   what a template shows of a note's fields
media.py       the media's paths
draft.py       the deck: sections, ids, tags
report.py      what is told
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import InvalidDeck, Problem
from cardforge.plugin import Draft
from cardforge_sources.apkg.collection import Damaged, read_collection
from cardforge_sources.apkg.draft import draft_of
from cardforge_sources.apkg.package import Package
from cardforge_sources.archive import file_diagnostic


class ApkgSource:
    """``.apkg`` and ``.colpkg`` files."""

    name: ClassVar[str] = "apkg"
    summary: ClassVar[str] = "a package of Anki's, with its media"
    suffixes: ClassVar[tuple[str, ...]] = (".apkg", ".colpkg")
    rank: ClassVar[int] = 20

    def read(self, path: Path) -> Draft:
        package = Package(path)
        members = package.media()
        try:
            with package.database() as file:
                collection = read_collection(file)
        except Damaged as error:
            message = f"the collection in this package cannot be read: {error}"
            problem = Problem("damaged-collection", message, "export it again from Anki, or download it again")
            raise InvalidDeck([file_diagnostic(path, problem)]) from None
        if not collection.notes:
            problem = Problem("empty-package", "there is no note in this package", "export a deck that has cards")
            raise InvalidDeck([file_diagnostic(path, problem)])
        return draft_of(collection, path, members, package.read)
