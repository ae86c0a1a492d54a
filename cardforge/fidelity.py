"""What a target holds, and what a deck would lose on it: loss is data.

An exporter declares a `Support` for every `Feature`. `audit` compares the deck with the declaration, before
anything is written. What is not declared counts as dropped, so that a new feature is never lost in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cardforge.diagnostics import Loc, Span
from cardforge.model import (
    KINDS,
    AnyItem,
    BaseItem,
    Deck,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Section,
    ShortAnswer,
    texts,
)
from cardforge.text import MediaKind, TextFeature, facts
from cardforge.text.content import is_plain


class Feature(StrEnum):
    """Something that a deck can say and a target may not be able to hold."""

    FLASHCARD = "flashcard"
    CLOZE = "cloze"
    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false"
    SHORT_ANSWER = "short_answer"
    NUMERIC = "numeric"
    MATCHING = "matching"
    ORDERING = "ordering"
    OPEN_PROMPT = "open_prompt"

    LEVEL = "level"
    TAGS = "tags"
    HINT = "hint"
    EXPLANATION = "explanation"
    SOURCE = "source"
    POINTS = "points"
    REVERSED = "reversed"
    CHOICE_FEEDBACK = "choice feedback"
    CHOICE_CREDIT = "choice credit"
    FIXED_ORDER = "fixed order of choices"
    ANSWER_CREDIT = "answer credit"
    ANSWER_FEEDBACK = "answer feedback"
    CASE_SENSITIVE = "case-sensitive answers"
    TOLERANCE = "tolerance"
    UNIT = "unit"
    DISTRACTORS = "extra right sides"
    CONCEPTS = "concepts"
    CONCEPT_POINTS = "concept points"
    MODEL_ANSWER = "model answer"
    ITEM_FEEDBACK = "feedback for right and wrong"

    SECTIONS = "sections"
    SECTION_DESCRIPTION = "section description"
    PICK = "drawing items at random"
    DECK_ID = "id of the deck"
    DESCRIPTION = "deck description"
    LANGUAGE = "language"
    AUTHOR = "author"
    LICENSE = "license"

    MATHS = "maths"
    CODE = "code"
    TABLES = "tables"
    IMAGES = "images"
    AUDIO = "audio"
    VIDEO = "video"
    LINKS = "links"
    HTML = "HTML of the author's own"
    CONTROL_CHARACTERS = "control characters"


class Level(StrEnum):
    """How much of a feature arrives. (How hard an item is, is `cardforge.model.Level`.)"""

    NATIVE = "native"
    ADAPTED = "adapted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Support:
    """A target's answer to a feature. ``how`` says what becomes of it, or why it cannot be held."""

    level: Level
    how: str = ""


NATIVE = Support(Level.NATIVE)


def adapted(how: str) -> Support:
    """The feature arrives in another form; ``how`` is told to the person who exports."""
    return Support(Level.ADAPTED, how)


def dropped(why: str = "the target has no place for it") -> Support:
    """The feature does not arrive."""
    return Support(Level.DROPPED, why)


Capabilities = Mapping[Feature, Support]


def everything_native() -> dict[Feature, Support]:
    """For a format that holds whatever the model can say. Others name their features, so that one which is
    added later is not claimed unseen."""
    return dict.fromkeys(Feature, NATIVE)


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that one item (or, with ``item`` empty, the deck) does not keep whole on a target.

    ``level`` is equal to a text, too: ``loss.level == "dropped"``. ``at`` is the way to the part in the deck. The item
    that it is in, and its place in the file, ``span``, are looked up when an export is planned.
    """

    feature: Feature
    level: Level
    how: str
    item: str = ""
    at: Loc = ()
    span: Span | None = None

    @classmethod
    def of(cls, feature: Feature, support: Support, at: Loc = ()) -> Loss:
        """What becomes of a feature in one place: ``Loss.of(Feature.TAGS, adapted("cut"), entry.at)``.

        ``NATIVE`` says that there, other than declared, nothing is lost.
        """
        return cls(feature, support.level, support.how, at=at)

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        what = f"{self.item}: " if self.item else ""
        return f"{where}{self.level.value}: {what}{self.feature.value}" + (f" ({self.how})" if self.how else "")


_TEXT_FEATURES = {
    TextFeature.MATHS: Feature.MATHS,
    TextFeature.CODE: Feature.CODE,
    TextFeature.TABLE: Feature.TABLES,
    TextFeature.IMAGE: Feature.IMAGES,
    TextFeature.AUDIO: Feature.AUDIO,
    TextFeature.VIDEO: Feature.VIDEO,
    TextFeature.LINK: Feature.LINKS,
    TextFeature.HTML: Feature.HTML,
    TextFeature.CONTROL_CHARACTER: Feature.CONTROL_CHARACTERS,
}

MEDIA_FEATURES = {MediaKind.IMAGE: Feature.IMAGES, MediaKind.AUDIO: Feature.AUDIO, MediaKind.VIDEO: Feature.VIDEO}

# For every class of items, what its own fields can say. An item is looked at for its class and those above it.
_Detector = tuple[Feature, Callable[..., bool]]
_DETECTORS: Mapping[type, Sequence[_Detector]] = {
    BaseItem: (
        (Feature.LEVEL, lambda i: i.level is not None),
        (Feature.HINT, lambda i: bool(i.hint)),
        (Feature.EXPLANATION, lambda i: i.explanation is not None),
        (Feature.SOURCE, lambda i: i.source is not None),
        (Feature.POINTS, lambda i: i.points != 1),
    ),
    Graded: ((Feature.ITEM_FEEDBACK, lambda i: (i.feedback_correct or i.feedback_incorrect) is not None),),
    Flashcard: ((Feature.REVERSED, lambda i: i.reversed),),
    MultipleChoice: (
        (Feature.CHOICE_FEEDBACK, lambda i: any(c.feedback is not None for c in i.choices)),
        (Feature.CHOICE_CREDIT, lambda i: any(c.credit is not None for c in i.choices)),
        (Feature.FIXED_ORDER, lambda i: not i.shuffle),
    ),
    ShortAnswer: (
        (Feature.ANSWER_CREDIT, lambda i: any(a.credit != 1 for a in i.answers)),
        (Feature.ANSWER_FEEDBACK, lambda i: any(a.feedback is not None for a in i.answers)),
        (Feature.CASE_SENSITIVE, lambda i: i.case_sensitive),
    ),
    Numeric: (
        (Feature.TOLERANCE, lambda i: (i.tolerance or i.tolerance_percent) is not None),
        (Feature.UNIT, lambda i: i.unit is not None),
    ),
    Matching: ((Feature.DISTRACTORS, lambda i: bool(i.distractors)),),
    OpenPrompt: (
        (Feature.CONCEPTS, lambda i: bool(i.concepts) or i.concept_count is not None),
        (Feature.CONCEPT_POINTS, lambda i: any(c.points != 1 for c in i.concepts)),
        (Feature.MODEL_ANSWER, lambda i: i.model_answer is not None),
    ),
}


_DETECTORS_OF: Mapping[type, Sequence[_Detector]] = {
    kind: [d for ancestor in kind.__mro__ for d in _DETECTORS.get(ancestor, ())] for kind in KINDS.values()
}


def item_features(item: AnyItem) -> set[Feature]:
    """Everything that an item says, its tags aside."""
    found = {Feature(item.KIND)}
    found.update(feature for feature, says in _DETECTORS_OF[type(item)] if says(item))
    return found | _features_of_texts(item)


def _features_of_texts(part: object) -> set[Feature]:
    found: set[Feature] = set()
    for _, text in texts(part):
        if not (isinstance(text, str) and is_plain(text)):
            found.update(_TEXT_FEATURES[f] for f in facts(text).features)
    return found


def audit(deck: Deck, capabilities: Capabilities) -> Iterator[Loss]:
    """What this deck loses on a target, deck first, then item by item."""

    def losses(features: Mapping[Feature, Loc] | set[Feature], item: str, at: Loc) -> Iterator[Loss]:
        for feature in lossy:
            if feature in features:
                support = capabilities.get(feature, _UNDECLARED)
                place = (*at, *features[feature]) if isinstance(features, Mapping) else at
                yield Loss(feature, support.level, support.how, item, place)

    lossy = [f for f in Feature if capabilities.get(f, _UNDECLARED).level is not Level.NATIVE]
    if not lossy:
        return
    yield from losses(_said_of(deck, _DECK_FIELDS), "", ())
    for section, _, at in deck.sections():
        yield from losses(_said_of(section, _SECTION_FIELDS), "", at)
    for entry in deck.entries():
        found = item_features(entry.item)
        if entry.tags:
            found.add(Feature.TAGS)
        if not found.isdisjoint(lossy):
            yield from losses(found, entry.id, entry.at)


_UNDECLARED = dropped("the exporter does not say that it holds this")
_DECK_FIELDS = {
    Feature.DECK_ID: "id",
    Feature.DESCRIPTION: "description",
    Feature.LANGUAGE: "language",
    Feature.AUTHOR: "author",
    Feature.LICENSE: "license",
}
_SECTION_FIELDS = {
    Feature.SECTIONS: "section",
    Feature.SECTION_DESCRIPTION: "description",
    Feature.PICK: "pick",
}


def _said_of(part: Deck | Section, names: Mapping[Feature, str]) -> dict[Feature, Loc]:
    """The features that a deck or section has, and the field that each stands in."""
    found: dict[Feature, Loc] = {feature: ("description",) for feature in _features_of_texts(part)}
    return found | {feature: (name,) for feature, name in names.items() if getattr(part, name) is not None}
