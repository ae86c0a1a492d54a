"""Items of QTI 2 and 3: which interaction asks, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from cardforge.text.content import has_visible
from cardforge.text.html import strip_tags
from cardforge_sources.lines import as_line
from cardforge_sources.qti import ours
from cardforge_sources.qti.build import BLANK, Builder
from cardforge_sources.qti.files import Files, Part
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.markup import html
from cardforge_sources.qti.names import child, children, content, inside
from cardforge_sources.qti.nodes import Node, SectionNode
from cardforge_sources.qti.numbers import NotUnderstood, number
from cardforge_sources.qti.question import MARK, Question
from cardforge_sources.qti.v2 import choosing, placing, typed
from cardforge_sources.qti.v2.judging import Judging, Scorings
from cardforge_sources.qti.v2.pages import Pages
from cardforge_sources.xml import Element, line_of

_INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
_READ = (
    *("choiceInteraction", "extendedTextInteraction", "matchInteraction", "associateInteraction"),
    *("gapMatchInteraction", "orderInteraction"),
)
_NO_KIND = {
    "customInteraction": "an interaction of a vendor's own",
    "drawingInteraction": "a drawing",
    "graphicAssociateInteraction": "places in a picture to be joined",
    "graphicGapMatchInteraction": "pictures to be put onto a picture",
    "graphicOrderInteraction": "places in a picture to be put in order",
    "hotspotInteraction": "a place in a picture to be chosen",
    "hottextInteraction": "words in a text to be chosen",
    "numberLineInteraction": "an interaction of a vendor's own",
    "portableCustomInteraction": "an interaction of a vendor's own",
    "positionObjectInteraction": "an object to be put onto a picture",
    "selectPointInteraction": "a point in a picture to be chosen",
    "sliderInteraction": "a slider",
    "uploadInteraction": "a file to be uploaded",
}
# All by which a learner answers; endAttemptInteraction and mediaInteraction are none.
_ASKING = (*_INLINE, *_NO_KIND, *_READ)
_EMPTY = re.compile(r"<(div|p|span|section|article|li|ul|ol|strong|em|b|i)\b[^>]*>\s*</\1>")
# A block that holds a field, and at most a unit behind it.
_FIELD = re.compile(rf"<(p|div)(?:\s[^>]*)?>\s*{MARK}([^<>{MARK}]*)</\1>")
_LONGEST_UNIT = 40
_MOST_OF_STIMULI = 5_000_000


@dataclass(frozen=True, slots=True)
class Described:
    """What a manifest says of an item."""

    tags: tuple[str, ...] = ()
    level: str | None = None
    id: str | None = None


class ItemReader:
    """Reads items."""

    def __init__(self, files: Files, builder: Builder, findings: Findings) -> None:
        self.files = files
        self.builder = builder
        self.findings = findings
        self.scorings = Scorings()
        self.pages = Pages(files, findings)
        self._stimuli: dict[str, str] = {}
        self._stimulus_left = _MOST_OF_STIMULI

    def stimulus(self, part: Part) -> str | None:
        """A text that several items refer to; None where it has become too much, each item having its own copy."""
        if part.name not in self._stimuli:
            body = next(inside(part.root(), "stimulusBody"), None)
            if body is not None:
                self.pages.put_in(part, body)
            self._stimuli[part.name] = f"<div>{html(body)}</div>" if body is not None else ""
        text = self._stimuli[part.name]
        self._stimulus_left -= len(text)
        return text if self._stimulus_left >= 0 else None

    def read(self, part: Part, item: Element, described: Described, deck_name: str, weight: str = "") -> list[Node]:
        """The nodes of an assessmentItem: none, if it is kept aside; a section, if it asks several questions."""
        return _Item(self, part, item, described, deck_name, weight).nodes()


class _Item:
    def __init__(
        self, reader: ItemReader, part: Part, item: Element, described: Described, deck_name: str, weight: str
    ) -> None:
        self._reader = reader
        self._builder = reader.builder
        self._findings = reader.findings
        self._part = part
        self._item = item
        self._described = described
        self._is_ours = item.get("toolName") == "cardforge"
        self._name = item.get("identifier", "")
        self._id = described.id or ours.own_id(self._name, deck_name if self._is_ours else "")
        self._title = item.get("title") or item.get("label") or self._name or part.name
        self._weight = None if self._is_ours else number(weight)
        self._place = (part, line_of(item))

    def nodes(self) -> list[Node]:
        item = self._item
        body = child(item, "itemBody")
        asking = list(inside(body, *_ASKING)) if body is not None else []
        if body is None or not asking:
            what = "a text that asks nothing" if body is not None and content(body) else "it asks nothing"
            return self._aside(what, "put the text into the question that it belongs to")
        if next(inside(item, "templateDeclaration", "templateProcessing"), None) is not None:
            return self._aside("its numbers or words are drawn at random", "write out a few of its variants")
        if item.get("adaptive") == "true":
            return self._aside("it is answered in several steps (adaptive)", "ask for each step by itself")
        # Each would be read with all that stands in it: hundreds of times in one another, that takes minutes.
        if len(asking) > 1 and any(
            e.tag not in _NO_KIND and next(inside(e, *_ASKING), None) is not None for e in asking
        ):
            return self._aside("one of its questions stands in another", "ask for each by itself")
        self._reader.pages.put_in(self._part, item)
        judging = Judging(item, self._reader.scorings.of(item), self._is_ours, self._weight)
        try:
            nodes = self._asked(body, asking, judging)
            for _ in range(judging.unsaid if nodes else 0):
                self._findings.not_kept(self._place, "feedback that no answer shows")
            return nodes
        except NotUnderstood as error:
            return self._aside(f"its scoring is not read here: {error}")

    def _asked(self, body: Element, asking: Sequence[Element], judging: Judging) -> list[Node]:
        known = [e for e in asking if e.tag not in _NO_KIND]
        if not known:
            kinds = dict.fromkeys(_NO_KIND[str(e.tag)] for e in asking)
            return self._aside(" and ".join(kinds))
        self._tell_trouble(judging)
        if len(asking) == 1:
            nodes = self._single(body, asking[0], judging)
            self._tell_worthless(nodes, judging)
            return nodes
        if all(e.tag in _INLINE for e in asking):
            node = self._cloze(body, asking, judging)
            return self._one(node)
        return self._several(body, asking, judging)

    def _tell_trouble(self, judging: Judging) -> None:
        if judging.trouble:
            if not any(response.correct or response.mapping for response in judging.responses.values()):
                raise NotUnderstood(judging.trouble)
            how = f"its scoring is not read here ({judging.trouble}): the answers that it declares are taken"
            how += ", and its feedback by the names that it has" if judging.feedback else ""
            self._findings.adapted(self._place, self._title, how)

    def _tell_worthless(self, nodes: Sequence[Node], judging: Judging) -> None:
        """People score what is written in one's own words; of anything else the rules should."""
        if judging.scores_nothing and not self._is_ours and nodes and nodes[0].data.get("type") != "open_prompt":
            how = "no answer gets points by its rules: the answer that it declares is taken as the right one"
            self._findings.adapted(self._place, self._title, how)

    # --- one interaction -------------------------------------------------------------------------

    def _single(self, body: Element, interaction: Element, judging: Judging) -> list[Node]:
        question = self._question(body)
        body_html = self._body(body)
        question.stem, unit = self._stem(body_html, interaction, question)
        if interaction.tag == "textEntryInteraction" and not self._is_cloze(interaction):
            return self._one(self._typed(question, interaction, judging, unit))
        if interaction.tag == "textEntryInteraction":
            return self._one(self._cloze(body, [interaction], judging))
        return self._one(self._of(question, interaction, judging))

    def _cloze(self, body: Element, asking: Sequence[Element], judging: Judging) -> Node | None:
        question = self._question(body)
        text = self._body(body)
        if self._is_ours:
            text, question.hints, _ = ours.with_hints(text)
        return typed.cloze(question, ours.unwrapped(text), asking, judging, self._builder, self._findings)

    def _is_cloze(self, interaction: Element) -> bool:
        return self._is_ours and interaction.get("responseIdentifier") != "RESPONSE"

    def _one(self, node: Node | None) -> list[Node]:
        return [node] if node else []

    def _typed(self, question: Question, interaction: Element, judging: Judging, unit: str) -> Node | None:
        response = judging.responses.get(interaction.get("responseIdentifier", ""))
        if response is not None and response.base_type in ("float", "integer"):
            question.stem = question.stem.replace(MARK, BLANK)
            return typed.numeric(question, response, judging, unit, self._builder, self._findings)
        if unit:
            question.stem += f"<p>{BLANK} {escape(unit)}</p>"
        question.stem = question.stem.replace(MARK, BLANK)
        return typed.short_answer(question, response, judging, self._builder, self._is_ours)

    def _of(self, question: Question, interaction: Element, judging: Judging) -> Node | None:
        """The item of an interaction that stands by itself."""
        question.stem = question.stem.replace(MARK, BLANK)
        response = judging.responses.get(interaction.get("responseIdentifier", ""))
        if interaction.tag == "extendedTextInteraction" and not (response is not None and typed.is_number(response)):
            return typed.open_prompt(question, response, judging, self._builder)
        if response is None:
            return self._builder.aside(question, "it declares no answer")
        match interaction.tag:
            case "choiceInteraction" | "inlineChoiceInteraction":
                return choosing.item(question, interaction, response, judging, self._builder, self._findings)
            case "matchInteraction":
                return placing.matched(question, interaction, response, judging, self._builder)
            case "associateInteraction":
                return placing.associated(question, interaction, response, judging, self._builder)
            case "gapMatchInteraction":
                return placing.filled(question, interaction, response, judging, self._builder, self._findings)
            case "orderInteraction":
                return placing.ordered(question, interaction, response, judging, self._builder)
            case "textEntryInteraction" | "extendedTextInteraction":
                return self._typed(question, interaction, judging, "")
        return self._builder.aside(question, _NO_KIND.get(str(interaction.tag), f"a {interaction.tag}"))

    # --- several interactions --------------------------------------------------------------------

    def _several(self, body: Element, asking: Sequence[Element], judging: Judging) -> list[Node]:
        """A section of the questions: what stands before the first one introduces them."""
        introduction, *texts = self._body(body, dict.fromkeys(asking, MARK)).split(MARK)
        section = SectionNode({"section": as_line(self._title) or "Questions"}, self._place)
        if (described := self._builder.text(_cleaned(introduction), self._place)) is not None:
            section.data["description"] = described
        total = len(asking)
        for index, interaction in enumerate(asking, 1):
            question = self._question(body)
            question.place = (self._part, line_of(interaction))
            question.name = f"{self._title} ({index}/{total})"
            question.id = f"{self._id}-{index}" if self._id else None
            before = _cleaned(texts[index - 2]) if 1 < index <= len(texts) + 1 else ""
            question.stem = before + _prompt(interaction, self._is_ours)
            if interaction.tag in _INLINE:
                question.stem += f" {BLANK}"
            if index == total and len(texts) == total and has_visible(strip_tags(texts[-1])):
                question.stem += f" {_cleaned(texts[-1])}"
            if interaction.tag in _NO_KIND:
                self._builder.aside(question, _NO_KIND[str(interaction.tag)])
            elif node := self._of(question, interaction, judging):
                section.nodes.append(node)
        if not section.nodes:
            return []
        how = f"it asks {total} questions together, so it becomes a section of questions"
        self._findings.adapted(self._place, self._title, how)
        return [section]

    # --- texts -----------------------------------------------------------------------------------

    def _question(self, body: Element) -> Question:
        question = Question(self._place, self._title, id=self._id, is_ours=self._is_ours)
        question.tags = list(self._described.tags)
        question.level = self._described.level
        if not self._is_ours:
            for rubric in inside(body, "rubricBlock"):
                if "candidate" not in (rubric.get("view") or "candidate") and content(rubric):
                    self._findings.not_kept((self._part, line_of(rubric)), "a note for those who score")
        return question

    def _body(self, body: Element, marks: dict[Element, str] | None = None) -> str:
        """The text of the body; a mark stands for each interaction in a line of text, and others are left out."""
        marks = marks or {}
        classes = self._is_ours

        def instead(element: Element) -> str | None:
            name = str(element.tag)
            if name == "rubricBlock" and "candidate" in (element.get("view") or ""):
                return f"<div>{html(element, classes=classes)}</div>"
            if element in marks:
                return marks[element]
            if not name.endswith("Interaction"):
                return None
            if name == "mediaInteraction":
                return html(element, classes=classes)
            return MARK if name in _INLINE else ""

        shared = [text for ref in children(self._item, "assessmentStimulusRef") if (text := self._stimulus(ref))]
        return _cleaned("".join(shared) + html(body, instead, classes=classes))

    def _stimulus(self, reference: Element) -> str:
        """A text that several items refer to."""
        part = self._reader.files.part(reference.get("href", ""), self._part.folder)
        if part is None:
            self._findings.not_kept(self._place, "a text that an item refers to, which is not there")
            return ""
        text = self._reader.stimulus(part)
        if text is None:
            how = (
                f"the text that it refers to is left out: in all items together it is longer than {_MOST_OF_STIMULI:,}"
            )
            self._findings.adapted(self._place, self._title, f"{how} characters", "write it into the question")
        return text or ""

    def _stem(self, body_html: str, interaction: Element, question: Question) -> tuple[str, str]:
        """What asks, without hints (they are the question's from now on), and the unit behind a field."""
        unit = ""
        field = _FIELD.search(body_html) if MARK in body_html else None
        if field and (self._is_ours or len(field[2]) <= _LONGEST_UNIT):
            unit = unescape(field[2]).strip()
            body_html = body_html[: field.start()] + body_html[field.end() :]
        if self._is_ours:
            body_html, question.hints, _ = ours.with_hints(body_html.strip())
        stem = ours.unwrapped(_cleaned(body_html))
        prompt = _prompt(interaction, self._is_ours)
        return (f"<div>{stem}</div><div>{prompt}</div>" if stem and prompt else stem or prompt), unit

    def _aside(self, what: str, fix: str = "") -> list[Node]:
        self._findings.aside(self._place, self._title, what, fix)
        return []


def _prompt(interaction: Element, is_ours: bool) -> str:
    prompt = child(interaction, "prompt")
    return html(prompt, classes=is_ours).strip() if prompt is not None else ""


def _cleaned(text: str) -> str:
    """HTML without elements that hold nothing."""
    if "<" not in text:
        return text.strip()
    for _ in range(20):
        shorter = _EMPTY.sub("", text)
        if shorter == text:
            break
        text = shorter
    return text.strip()
