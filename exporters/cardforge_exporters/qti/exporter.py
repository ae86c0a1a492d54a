"""The exporters: what QTI holds in its versions, and their options."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Annotated, BinaryIO, ClassVar, Literal

from pydantic import Field

from cardforge.diagnostics import Problem
from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, adapted, dropped
from cardforge.model import Deck
from cardforge.plugin import Context, Exporter, Standing
from cardforge_exporters import earlier, missing_ids, quiz_limits
from cardforge_exporters.archive import Archive, text_of
from cardforge_exporters.qti import limits
from cardforge_exporters.qti.names import QTI_2_1, QTI_2_2, QTI_3_0, Version
from cardforge_exporters.qti.package import Settings, write_package

_NATIVE = (
    *(Feature.CLOZE, Feature.MULTIPLE_CHOICE, Feature.TRUE_FALSE, Feature.SHORT_ANSWER, Feature.NUMERIC),
    *(Feature.MATCHING, Feature.ORDERING, Feature.OPEN_PROMPT),
    *(Feature.TAGS, Feature.EXPLANATION, Feature.SOURCE, Feature.POINTS, Feature.CHOICE_FEEDBACK),
    *(Feature.CHOICE_CREDIT, Feature.FIXED_ORDER, Feature.ANSWER_CREDIT, Feature.ANSWER_FEEDBACK),
    *(Feature.CASE_SENSITIVE, Feature.TOLERANCE, Feature.DISTRACTORS, Feature.CONCEPTS, Feature.MODEL_ANSWER),
    *(Feature.ITEM_FEEDBACK, Feature.SECTIONS, Feature.SECTION_DESCRIPTION, Feature.PICK, Feature.DESCRIPTION),
    *(Feature.DECK_ID, Feature.LANGUAGE, Feature.AUTHOR, Feature.LICENSE),
    *(Feature.MATHS, Feature.CODE, Feature.TABLES, Feature.IMAGES, Feature.LINKS),
)
_CAPABILITIES = dict.fromkeys(_NATIVE, NATIVE) | {
    Feature.FLASHCARD: adapted("a choice by which learners rate themselves; the back is shown after it"),
    Feature.REVERSED: adapted("a second item, which asks back to front"),
    Feature.LEVEL: adapted("the difficulty in the metadata: easy, medium or difficult"),
    Feature.HINT: adapted("shown with the question"),
    Feature.UNIT: adapted("shown behind the field"),
    Feature.CONCEPT_POINTS: adapted("shown behind the concept"),
    Feature.HTML: adapted("kept as far as QTI has the elements; styles are left out"),
    Feature.AUDIO: adapted("an object with a link in it"),
    Feature.VIDEO: adapted("an object with a link in it"),
    Feature.CONTROL_CHARACTERS: dropped("XML cannot hold them"),
}
_OF_A_TEST = (Feature.SECTIONS, Feature.SECTION_DESCRIPTION, Feature.PICK, Feature.DESCRIPTION)


class _QtiExporter(Exporter):
    """What the exporters for QTI 2 and 3 share."""

    shuffle: bool = Field(default=False, description="Ask the questions of each section in another order each time.")
    attempts: Annotated[int, Field(ge=0)] | Literal["unlimited"] | None = Field(
        default=None, description="How often a question may be answered: a number, or unlimited (0 too)."
    )
    time_limit: int | None = Field(default=None, ge=1, description="Minutes for the whole test.")
    one_at_a_time: bool = Field(default=False, description="One question after the other, without a way back.")
    bank: bool = Field(default=False, description="The questions only, without a test that asks them.")

    @abstractmethod
    def _version(self) -> Version: ...

    def supports(self) -> Capabilities:
        if not self.bank:
            return self.capabilities
        return {**self.capabilities, **dict.fromkeys(_OF_A_TEST, dropped("a bank has no test to hold it"))}

    def limits(self, deck: Deck) -> Iterable[Loss]:
        yield from limits.losses(deck)
        yield from quiz_limits.losses(deck, self.supports(), limits.show)
        if not self.bank:
            yield from limits.picks(deck)

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        return tuple(limits.problems(deck))

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        return earlier.of_identifiers(text_of(previous, "imsmanifest.xml"), "MANIFEST____%s", deck)

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        missing_ids.tell(deck, context, "after an edit, an item would have another identifier")
        attempts = 0 if self.attempts == "unlimited" else self.attempts
        settings = Settings(self.shuffle, attempts, self.time_limit, self.one_at_a_time, self.bank)
        with Archive(out) as archive:
            write_package(archive, deck, self._version(), settings)


class Qti21Exporter(_QtiExporter):
    """Writes a package of QTI 2.1 or 2.2: a test, its items and their media."""

    name: ClassVar[str] = "qti21"
    suffix: ClassVar[str] = ".qti21.zip"
    summary: ClassVar[str] = "a package of QTI 2.1 or 2.2, for TAO and other assessment platforms"
    capabilities: ClassVar[Capabilities] = _CAPABILITIES

    version: Literal["2.1", "2.2"] = Field(default="2.1", description="The version of QTI.")

    def file_suffix(self) -> str:
        return self.suffix if self.version == "2.1" else ".qti22.zip"

    def _version(self) -> Version:
        return QTI_2_1 if self.version == "2.1" else QTI_2_2


class Qti30Exporter(_QtiExporter):
    """Writes a package of QTI 3.0: a test, its items and their media."""

    name: ClassVar[str] = "qti30"
    suffix: ClassVar[str] = ".qti30.zip"
    summary: ClassVar[str] = "a package of QTI 3.0, for assessment platforms that read it"
    capabilities: ClassVar[Capabilities] = _CAPABILITIES | {
        Feature.HINT: adapted("in the question, opened by a click"),
        Feature.AUDIO: NATIVE,
        Feature.VIDEO: NATIVE,
    }

    def _version(self) -> Version:
        return QTI_3_0
