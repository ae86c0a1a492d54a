"""The deck, its sections and the nine kinds of items: frozen, typed, checked when they are built.

The field names are the contract of the deck format; ``cardforge schema`` prints it. Building an object with
wrong values raises pydantic's ``ValidationError``, whose text names every mistake.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple
from unicodedata import normalize

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
)
from pydantic.dataclasses import dataclass as part
from pydantic.dataclasses import rebuild_dataclass
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from cardforge.diagnostics import Diagnostic, Loc, Problem, Span
from cardforge.document import Document, Positions
from cardforge.media import FolderMedia, Media, NoMedia
from cardforge.text import Html, Text, cloze
from cardforge.text.content import CONTROL, has_visible

# --- the types of values -----------------------------------------------------------------------

_NOT_IN_A_LINE = re.compile(rf"[{CONTROL}\t\n\r\u2028\u2029\ufffe\uffff]")
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def _one_line(value: str) -> str:
    if _HALF_PAIR.search(value):
        raise PydanticCustomError("string_unicode", "the text has half of a surrogate pair")
    if not has_visible(value):
        raise PydanticCustomError("empty_text", "the text is empty")
    if _NOT_IN_A_LINE.search(value):
        raise PydanticCustomError("control_character", "the text must be one line without control characters")
    return value


def _identifier(value: str) -> str:
    if any(c.isspace() for c in value):
        raise PydanticCustomError("id_with_space", "an id has no white space in it")
    return value


def _decimal(value: str) -> str:
    if not re.fullmatch(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", value, re.ASCII):
        raise PydanticCustomError("decimal", "this is not a decimal number")
    return value


def _positive_decimal(value: str) -> str:
    if _decimal(value).startswith("-"):
        raise PydanticCustomError("decimal", "a tolerance cannot be negative")
    return value


_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def _boolean(value: object) -> object:
    if isinstance(value, str):
        if value not in _BOOLEANS:
            raise PydanticCustomError("boolean", "this is neither true nor false")
        return _BOOLEANS[value]
    return value


def _to_str(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _as_list(value: object) -> object:
    """A single hint stands for a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def _as_part(value: object) -> object:
    """A string, or ``{html: …}``, where a part with a text is wanted stands for that part's text."""
    if isinstance(value, str | Html) or (isinstance(value, Mapping) and set(value) == {"html"}):
        return {"text": value}
    return value


def _texts(value: object) -> object:
    """Plain data with every scalar as text, so that YAML and JSON give equal decks."""
    if isinstance(value, Mapping):
        return {str(key): _texts(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_texts(part) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if _HALF_PAIR.search(text) or "\0" in text:
        raise PydanticCustomError("control_character", "the text has a character that no file can hold")
    return text


Line = Annotated[str, AfterValidator(_one_line)]
Identifier = Annotated[Line, AfterValidator(_identifier), Field(max_length=200)]
_DecimalSchema = Field(json_schema_extra={"type": ["number", "string"]})
DecimalText = Annotated[str, BeforeValidator(_to_str), AfterValidator(_decimal), _DecimalSchema]
Tolerance = Annotated[str, BeforeValidator(_to_str), AfterValidator(_positive_decimal), _DecimalSchema]
Boolean = Annotated[bool, BeforeValidator(_boolean)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Level = Literal["beginner", "intermediate", "advanced"]
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Hints = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_list, json_schema_input_type=Text | list[Text]),
]


class ItemMistakes(ValueError):
    """What is wrong with an item whose fields are each right. ``problems`` lists it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.message} ({p.fix})" for p in problems))


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise ItemMistakes(problems)


_FORBID = ConfigDict(extra="forbid")

# --- items -------------------------------------------------------------------------------------


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class BaseItem:
    """What every item may have. Not an item itself."""

    KIND: ClassVar[str]

    id: Annotated[
        Identifier | None, Field(description="Never shown, never changes; a learner's history hangs on it.")
    ] = None
    level: Annotated[Level | None, Field(description="beginner, intermediate or advanced.")] = None
    tags: Annotated[tuple[Line, ...], Field(description="Added to the deck's and the section's tags.")] = ()
    hint: Annotated[Hints, Field(description="One hint, or a list shown one after the other.")] = ()
    explanation: Annotated[Text | None, Field(description="Shown after an answer, right or wrong.")] = None
    source: Annotated[Text | None, Field(description="Where this comes from: a reference.")] = None
    points: Annotated[Points, Field(description="What a full answer is worth.")] = 1.0


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Graded(BaseItem):
    """What every item that is answered right or wrong may have besides. Not an item itself."""

    feedback_correct: Annotated[Text | None, Field(description="Shown after a right answer.")] = None
    feedback_incorrect: Annotated[Text | None, Field(description="Shown after a wrong answer.")] = None


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Flashcard(BaseItem):
    """A front that asks and a back that answers."""

    KIND = "flashcard"
    type: Literal["flashcard"] = "flashcard"
    front: Text
    back: Text
    reversed: Annotated[Boolean, Field(description="Also ask back to front.")] = False


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Cloze(BaseItem):
    """A text with deletions: ``{{c1::answer}}`` or ``{{c1::answer::hint}}``."""

    KIND = "cloze"
    type: Literal["cloze"] = "cloze"
    text: Annotated[Text, Field(description="Marks what to recall: {{c1::answer}} or {{c1::answer::hint}}.")]
    extra: Annotated[Text | None, Field(description="Shown with the answer.")] = None

    def __post_init__(self) -> None:
        text = self.text.html if isinstance(self.text, Html) else self.text
        _raise([replace(p, at=("text",)) for p in cloze.problems(text)])


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Choice:
    """An option. ``credit`` is a share of the item's points; by default the correct ones share 1 evenly."""

    text: Text
    correct: Boolean = False
    feedback: Annotated[Text | None, Field(description="Shown when this option was chosen.")] = None
    credit: Annotated[
        Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] | None,
        Field(description="A share of the points, from -1 to 1."),
    ] = None


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class MultipleChoice(Graded):
    """A stem and two or more choices, at least one of them correct."""

    KIND = "multiple_choice"
    type: Literal["multiple_choice"] = "multiple_choice"
    stem: Text
    choices: tuple[Choice, ...]
    multiple: Annotated[
        Boolean | None, Field(description="Several may be chosen; default: when several are correct.")
    ] = None
    shuffle: Annotated[Boolean, Field(description="The order may change from learner to learner.")] = True

    def __post_init__(self) -> None:
        wrong = []
        if len(self.choices) < 2:
            message = f"a multiple choice needs two choices or more, and has {len(self.choices)}"
            wrong.append(Problem("too-few-choices", message, "add a choice", ("choices",)))
        if self.choices and not self.key:
            fix = "write correct: true under the right choice"
            wrong.append(Problem("no-correct-choice", "no choice is marked as correct", fix, ("choices",)))
        wrong += _repeated([c.text for c in self.choices], "choices", ("text",), "two choices have the same text")
        _raise(wrong)

    @property
    def key(self) -> tuple[Choice, ...]:
        """The correct choices."""
        return tuple(c for c in self.choices if c.correct)

    @property
    def distractors(self) -> tuple[Choice, ...]:
        """The choices that are not correct."""
        return tuple(c for c in self.choices if not c.correct)

    @property
    def is_multiple(self) -> bool:
        """Whether a learner may choose several."""
        return len(self.key) > 1 if self.multiple is None else self.multiple

    def credit_of(self, choice: Choice) -> float:
        """The choice's share of the points, from -1 to 1: its own, or by default what the format says."""
        if choice.credit is not None:
            return choice.credit
        if not choice.correct:
            return 0.0
        return 1 / len(self.key) if self.is_multiple else 1.0


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class TrueFalse(Graded):
    """A statement that is true or false."""

    KIND = "true_false"
    type: Literal["true_false"] = "true_false"
    stem: Text
    answer: Boolean


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Answer:
    """A text to be typed, as it is typed: this is not Markdown. ``credit`` is a share of the points."""

    text: Line
    credit: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    feedback: Text | None = None


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class ShortAnswer(Graded):
    """A question answered by typing one of the accepted texts."""

    KIND = "short_answer"
    type: Literal["short_answer"] = "short_answer"
    stem: Text
    answers: tuple[Annotated[Answer, BeforeValidator(_as_part, json_schema_input_type=str | Answer)], ...]
    case_sensitive: Boolean = False

    def __post_init__(self) -> None:
        if not self.answers:
            _raise([Problem("too-few-answers", "there is no answer", "add an answer", ("answers",))])
        wrong = _repeated([a.text for a in self.answers], "answers", (), "two answers have the same text")
        if not any(a.credit for a in self.answers):
            fix = "leave out credit under a right answer"
            wrong.append(Problem("no-correct-answer", "no answer gives any credit", fix, ("answers",)))
        _raise(wrong)


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Numeric(Graded):
    """A question answered by a number. Numbers are decimals, kept as they were written."""

    KIND = "numeric"
    type: Literal["numeric"] = "numeric"
    stem: Text
    answer: DecimalText
    tolerance: Annotated[Tolerance | None, Field(description="How far off an answer may be.")] = None
    tolerance_percent: Annotated[Tolerance | None, Field(description="The same, in percent of the answer.")] = None
    unit: Line | None = None

    def __post_init__(self) -> None:
        if self.tolerance is not None and self.tolerance_percent is not None:
            message = "tolerance and tolerance_percent exclude each other"
            _raise([Problem("two-tolerances", message, "leave one of them out", ("tolerance_percent",), on_key=True)])


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Pair:
    """Two sides that belong together."""

    left: Text
    right: Text


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Matching(Graded):
    """Left sides to be matched with right sides; ``distractors`` are right sides that match nothing."""

    KIND = "matching"
    type: Literal["matching"] = "matching"
    stem: Text
    pairs: tuple[Pair, ...]
    distractors: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        wrong = []
        if len(self.pairs) < 2:
            message = f"a matching needs two pairs or more, and has {len(self.pairs)}"
            wrong.append(Problem("too-few-pairs", message, "add a pair", ("pairs",)))
        wrong += _repeated([p.left for p in self.pairs], "pairs", ("left",), "two pairs have the same left side")
        rights = {_text_key(p.right) for p in self.pairs}
        for index, text in enumerate(self.distractors):
            if _text_key(text) in rights:
                fix = "leave it out; two pairs may share a right side"
                at: Loc = ("distractors", index)
                wrong.append(Problem("repeated-text", "a distractor is the right side of a pair", fix, at))
        _raise(wrong)


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Ordering(Graded):
    """Steps, written in the right order."""

    KIND = "ordering"
    type: Literal["ordering"] = "ordering"
    stem: Text
    steps: tuple[Text, ...]

    def __post_init__(self) -> None:
        wrong = []
        if len(self.steps) < 2:
            message = f"an ordering needs two steps or more, and has {len(self.steps)}"
            wrong.append(Problem("too-few-steps", message, "add a step", ("steps",)))
        wrong += _repeated(self.steps, "steps", (), "two steps have the same text")
        _raise(wrong)


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Concept:
    """Something that a good answer mentions."""

    text: Text
    points: Points = 1.0


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class OpenPrompt(BaseItem):
    """A prompt to be answered in one's own words, with the concepts that a good answer mentions."""

    KIND = "open_prompt"
    type: Literal["open_prompt"] = "open_prompt"
    stem: Text
    concepts: tuple[Annotated[Concept, BeforeValidator(_as_part, json_schema_input_type=Text | Concept)], ...] = ()
    model_answer: Text | None = None
    concept_count: Annotated[
        Annotated[int, Field(ge=1)] | None, Field(description="When only the number of concepts is known.")
    ] = None

    def __post_init__(self) -> None:
        if self.concepts and self.concept_count not in (None, len(self.concepts)):
            message = f"concept_count says {self.concept_count}, but {len(self.concepts)} concepts are listed"
            fix = "leave out concept_count: the list says it"
            _raise([Problem("concept-count", message, fix, ("concept_count",))])


def _text_key(text: Text) -> str:
    return "<html>" + text.html if isinstance(text, Html) else text.strip()


def _repeated(texts: Sequence[Text], name: str, inner: Loc, message: str) -> list[Problem]:
    seen: set[str] = set()
    wrong = []
    for index, text in enumerate(texts):
        key = _text_key(text)
        if key in seen:
            wrong.append(
                Problem("repeated-text", message, "change one of them, or leave it out", (name, index, *inner))
            )
        seen.add(key)
    return wrong


AnyItem = Flashcard | Cloze | MultipleChoice | TrueFalse | ShortAnswer | Numeric | Matching | Ordering | OpenPrompt
Item = Annotated[AnyItem, Field(discriminator="type")]
"""Any of the nine kinds, told apart by ``type``."""

KINDS: Mapping[str, type[AnyItem]] = {
    kind.KIND: kind
    for kind in (
        Flashcard,
        Cloze,
        MultipleChoice,
        TrueFalse,
        ShortAnswer,
        Numeric,
        Matching,
        Ordering,
        OpenPrompt,
    )
}
"""The kinds of items by the name that ``type`` gives them."""

# --- sections and the deck ---------------------------------------------------------------------


def _which(value: object) -> str:
    return "section" if isinstance(value, Section) or (isinstance(value, Mapping) and "section" in value) else "item"


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Section:
    """Items under a title of their own. ``pick`` draws that many at random where the target can."""

    section: Annotated[Line, Field(description="The section's title.")]
    items: Annotated[tuple[Node, ...], Field(min_length=1)]
    description: Annotated[Text | None, Field(description="Shown before its items.")] = None
    tags: tuple[Line, ...] = ()
    pick: Annotated[Annotated[int, Field(ge=1)] | None, Field(description="Draw that many items at random.")] = None


Node = Annotated[Annotated[Item, Tag("item")] | Annotated[Section, Tag("section")], Discriminator(_which)]
"""What stands in a list of items: an item, or a section."""

Targets = Annotated[
    Mapping[str, Mapping[str, Any]],
    AfterValidator(lambda targets: {name: _texts(options) for name, options in targets.items()}),
]


@dataclass(frozen=True)
class Origin:
    """Where a deck was read from. Not part of what the deck says, so it takes no part in comparing."""

    media: Media = field(default_factory=NoMedia)
    document: Document | None = None
    positions: Positions | None = None
    warnings: tuple[Diagnostic, ...] = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(cls)

    def span(self, at: Loc) -> Span | None:
        """The place of a part of the deck in its file, if there is one."""
        if self.document is None:
            return None
        if not at:
            return self.document.span(0)  # the deck as a whole, without looking up every part
        return self.document.locate(Problem("", "", "", at), self.positions).span


class Entry(NamedTuple):
    """An item in its deck: its id, authored or derived; all its tags; the sections around it."""

    item: AnyItem
    id: str
    at: Loc
    tags: tuple[str, ...]
    sections: tuple[Section, ...]


@part(frozen=True, slots=True, kw_only=True, config=_FORBID)
class Deck:
    """A deck of items and sections, and what is said of it as a whole."""

    title: Line
    items: Annotated[tuple[Node, ...], Field(min_length=1)]
    id: Annotated[Identifier | None, Field(description="Never shown, never changes; default: from the title.")] = None
    description: Annotated[Text | None, Field(description="What the deck covers.")] = None
    language: Annotated[
        Language | None, Field(description="The language of the texts, a BCP 47 tag such as en or pt-BR.")
    ] = None
    author: Line | None = None
    license: Line | None = None
    tags: Annotated[tuple[Line, ...], Field(description="Inherited by every item.")] = ()
    targets: Annotated[Targets, Field(description="An exporter's options, by its name.")] = field(
        default_factory=dict, hash=False
    )
    origin: SkipJsonSchema[Origin] = field(default_factory=Origin, init=False, repr=False, compare=False, hash=False)
    found_entries: SkipJsonSchema[list[Any]] = field(
        default_factory=list, init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        seen: set[str] = set()
        wrong = []
        for _, item, at in _leaves(self.items, (), ("items",)):
            if item.id is not None and item.id in seen:
                message = f"two items have the id {item.id!r}"
                wrong.append(Problem("repeated-id", message, "give one of them another id", (*at, "id")))
            seen.add(item.id or "")
        _raise(wrong)

    @property
    def identity(self) -> str:
        """The authored id, or the one that the title gives."""
        return self.id or slug(self.title)

    def entries(self) -> Sequence[Entry]:
        """Every item in order, with its id, tags and sections."""
        if not self.found_entries:
            # Kept, for a deck never changes; each export asks several times.
            self.found_entries.extend(self._find_entries())
        return self.found_entries

    def _find_entries(self) -> Iterator[Entry]:
        leaves = list(_leaves(self.items, (), ("items",)))
        taken = {item.id for _, item, _ in leaves if item.id is not None}
        repeats: dict[str, int] = {}
        for sections, item, at in leaves:
            item_id = item.id
            if item_id is None:
                item_id = derived = derived_id(item)
                while item_id in taken:
                    # The second item with this text, or an author's id that looks like a derived one.
                    repeats[derived] = count = repeats.get(derived, 1) + 1
                    item_id = f"{derived}-{count}"
                taken.add(item_id)
            tags = self.tags
            if sections or item.tags:
                tags = tuple(dict.fromkeys((*tags, *(t for s in sections for t in s.tags), *item.tags)))
            yield Entry(item, item_id, at, tags, sections)

    def sections(self) -> Iterator[tuple[tuple[Section, ...], Loc]]:
        """Every section, as the way to it from the outermost one inwards, and its place."""

        def inside(nodes: tuple[AnyItem | Section, ...], around: tuple[Section, ...], at: Loc) -> Iterator[Any]:
            for index, node in enumerate(nodes):
                if isinstance(node, Section):
                    yield (*around, node), (*at, index)
                    yield from inside(node.items, (*around, node), (*at, index, "items"))

        yield from inside(self.items, (), ("items",))

    def span(self, at: Loc) -> Span | None:
        """The place of a part of the deck in the file it came from, if it came from one."""
        return self.origin.span(at)

    def with_origin(self, origin: Origin) -> Deck:
        """The same deck, said to come from elsewhere."""
        deck = replace(self)
        object.__setattr__(deck, "origin", origin)
        return deck

    def with_media(self, folder: Path | str) -> Deck:
        """The same deck, its media read from a folder. For decks that are built in Python."""
        return self.with_origin(replace(self.origin, media=FolderMedia(Path(folder))))


def _leaves(
    nodes: tuple[AnyItem | Section, ...], around: tuple[Section, ...], at: Loc
) -> Iterator[tuple[tuple[Section, ...], AnyItem, Loc]]:
    for index, node in enumerate(nodes):
        if isinstance(node, Section):
            yield from _leaves(node.items, (*around, node), (*at, index, "items"))
        else:
            yield around, node, (*at, index)


rebuild_dataclass(Section, force=True)  # type: ignore[arg-type]
rebuild_dataclass(Deck, force=True)  # type: ignore[arg-type]

# --- ids ---------------------------------------------------------------------------------------


def slug(title: str) -> str:
    """A title as an id: letters and digits of any script, lower case, joined by hyphens."""
    words = re.findall(r"\w+", normalize("NFKC", title).casefold().replace("_", " "))
    return "-".join(words)[:100] or "deck-" + _digest(title)


def main_text(item: AnyItem) -> Text:
    """The text that asks: an item's front, its cloze text or its stem."""
    if isinstance(item, Flashcard):
        return item.front
    return item.text if isinstance(item, Cloze) else item.stem


def derived_id(item: AnyItem) -> str:
    """The id of an item that has none, from its kind and the text that asks.

    White space does not count, so wrapping a line again keeps the id; nor does the answer.
    """
    text = main_text(item)
    if isinstance(text, Html):
        text = "<html>" + text.html
    if "  " in text or not text.isprintable() or text[0] == " " or text[-1] == " ":
        text = " ".join(text.split())
    return f"{_ID_PREFIX[item.KIND]}{_digest(f'{item.KIND} {text}')}"


_ID_PREFIX = {name: name.replace("_", "-") + "-" for name in KINDS}


def _digest(text: str) -> str:
    composed = text if text.isascii() else normalize("NFC", text)
    return hashlib.blake2b(composed.encode(), digest_size=6).hexdigest()


# --- walking and plain data --------------------------------------------------------------------


def texts(part: object, at: Loc = ()) -> Iterator[tuple[Loc, Text]]:
    """Every Markdown or HTML text in an item, and where it stands in it. Ids, tags and the like are none."""
    for name, nested in _text_fields(type(part)):
        value = getattr(part, name)
        if value is None:
            continue
        if isinstance(value, str | Html):
            yield (*at, name), value
        elif value:
            for index, element in enumerate(value):
                if nested:
                    yield from texts(element, (*at, name, index))
                else:
                    yield (*at, name, index), element


NOT_TEXT = frozenset("KIND type id level tags points reversed correct credit case_sensitive".split()) | frozenset(
    """answer tolerance tolerance_percent unit multiple shuffle concept_count items section pick title language
    author license targets origin found_entries""".split()
)
"""The fields that hold no Markdown."""
_NESTED_FIELDS = frozenset({"choices", "pairs", "concepts", "answers"})
_text_field_cache: dict[type, tuple[tuple[str, bool], ...]] = {}


def _text_fields(kind: type) -> tuple[tuple[str, bool], ...]:
    known = _text_field_cache.get(kind)
    if known is None:
        names = [f.name for f in fields(kind) if f.name not in NOT_TEXT]
        if kind is Answer:
            names.remove("text")
        known = tuple((name, name in _NESTED_FIELDS) for name in names)
        _text_field_cache[kind] = known
    return known


_SHORT_FORMS: Mapping[type, tuple[str, ...]] = {Answer: ("text",), Concept: ("text",)}
_FIRST = ("type", "id", "section", "title")


def to_data(part: object) -> Any:
    """Plain data (dict, list, str, bool, int, float) in the form of the deck format, defaults left out.

    ``type`` and ``id`` come first, then the fields as they are declared, what is special before what is general.
    """
    if isinstance(part, Html):
        return {"html": part.html}
    if isinstance(part, Mapping):
        return {key: to_data(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [to_data(value) for value in part]
    if not is_dataclass(part):
        return part
    data: dict[str, Any] = {}
    for name, default in _data_fields(type(part)):
        value = getattr(part, name)
        if name == "type" or value != default:
            data[name] = to_data(value)
    if isinstance(part, BaseItem) and len(part.hint) == 1:
        data["hint"] = to_data(part.hint[0])
    short = _SHORT_FORMS.get(type(part))
    return data["text"] if short == tuple(data) else data


_data_field_cache: dict[type, tuple[tuple[str, object], ...]] = {}


def _data_fields(kind: type) -> tuple[tuple[str, object], ...]:
    known = _data_field_cache.get(kind)
    if known is None:
        declared = [f for f in fields(kind) if f.init]
        general = {f.name for f in fields(Graded)}
        order = [*_FIRST, *(f.name for f in declared if f.name not in general), *(f.name for f in declared)]
        if kind in (Deck, Section):
            order = [n for n in order if n != "items"] + ["items"]
        by_name: dict[str, object] = {f.name: {} if f.name == "targets" else f.default for f in declared}
        known = tuple((n, by_name[n]) for n in dict.fromkeys(order) if n in by_name)
        _data_field_cache[kind] = known
    return known
