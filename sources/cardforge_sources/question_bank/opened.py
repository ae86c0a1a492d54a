"""Questions that nobody grades by a key: essays, and flashcards as cardforge's exporter writes them."""

from __future__ import annotations

from html import unescape

from cardforge_sources.question_bank import shapes
from cardforge_sources.question_bank.parts import Data, explained_by, filled, general, hints, number_of, stem
from cardforge_sources.question_bank.question import Question
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told

CARD = "glossary entry"
"""The type of a question that is an entry of a glossary."""
SHOW_ANSWER = "Show the answer"
SELF_RATING = (("I knew it", 100.0), ("Partly", 50.0), ("Not yet", 0.0))
"""How the exporter lets a learner rate a flashcard."""


def is_rated(question: Question) -> bool:
    """Whether a multiple choice is a flashcard of ours."""
    rating = tuple((unescape(answer.text.text), answer.share) for answer in question.answers)
    return question.single and rating == SELF_RATING and f"<summary>{SHOW_ANSWER}</summary>" in question.text.text


def flashcard(question: Question, texts: Texts) -> Data | None:
    """The flashcard that a question which `is_rated` stands for; None when it is none after all."""
    html, closed = shapes.without_details(question.text.text)
    if not closed or closed[-1][0] != SHOW_ANSWER:
        return None
    *before, (_, answer) = closed
    front, back = texts.html(html, question.text, question.offset), texts.html(answer, question.text, question.offset)
    if front is None or back is None:
        return None
    divisions = shapes.divisions(question.feedback.text)
    if divisions and divisions[0].strip() == answer.strip():
        divisions.pop(0)
    shown = (texts.html(hint, question.text, question.offset) for _, hint in before)
    return {
        "type": "flashcard",
        **general(question),
        "front": front,
        "back": back,
        **filled(hint=[hint for hint in shown if hint is not None]),
        **explained_by(divisions, question, texts),
    }


def open_prompt(question: Question, texts: Texts, told: Told) -> Data | None:
    """An essay as an open prompt. Concepts and model answer are found in the form that the exporter gives them; what
    else is said to graders is the model answer.
    """
    asked = stem(question, texts, told)
    if asked is None:
        told.kept_aside(question, "it has no text", "write the question's text")
        return None
    own, divisions = _own_feedback(question, texts)
    if not divisions and not own:
        own |= filled(explanation=texts.of(question.feedback, question.offset))
    graders = question.for_graders.text
    if shapes.concepts(graders) is None and shapes.concept_count(graders) is None:
        told_to_graders = texts.of(question.for_graders, question.offset)
        if told_to_graders is not None and "model_answer" not in own:
            own["model_answer"] = told_to_graders
            what = (
                "that only graders see what an essay tells them: it is the model answer, which learners see afterwards"
            )
            told.not_kept(question.offset, what, "look through the model answers")
    elif not {"concepts", "concept_count"} & own.keys():
        own |= _concepts(graders, question, texts)
    return {
        "type": "open_prompt",
        **general(question),
        "stem": asked,
        **own,
        **filled(hint=hints(question, texts)),
        **explained_by(divisions, question, texts),
    }


def _own_feedback(question: Question, texts: Texts) -> tuple[Data, list[str]]:
    """Model answer and concepts from the general feedback, and the other divisions of it."""
    divisions = shapes.divisions(question.feedback.text) if question.feedback.format == "html" else []
    own: Data = {}
    if divisions and (answer := shapes.model_answer(divisions[0])) is not None:
        own |= filled(model_answer=texts.html(answer, question.feedback, question.offset))
        divisions.pop(0)
    if divisions and (found := _concepts(divisions[0], question, texts)):
        own |= found
        divisions.pop(0)
    if not own and len(divisions) > 1 and shapes.source(divisions[-1]) is None:
        return {}, []
    return own, divisions


def _concepts(html: str, question: Question, texts: Texts) -> Data:
    if (count := shapes.concept_count(html)) is not None:
        return {"concept_count": count} if int(count) else {}
    listed = []
    for entry, points in shapes.concepts(html) or ():
        text = texts.html(entry, question.feedback, question.offset)
        number = number_of(points) if points else None
        if text is not None:
            listed.append({"text": text, "points": points} if number is not None and number >= 0 else text)
    return filled(concepts=listed)


def card(question: Question, texts: Texts, told: Told) -> Data | None:
    """The flashcard of an entry; None, and told, when a side of it shows nothing."""
    front = texts.of(question.text, question.offset)
    back = texts.of(question.answers[0].text, question.offset)
    if front is None or back is None:
        told.kept_aside(question, "its concept or its definition is empty", "write it")
        return None
    return {
        "type": "flashcard",
        **general(question),
        "front": front,
        "back": back,
        **filled(hint=hints(question, texts)),
        **explained_by(shapes.divisions(question.feedback.text), question, texts),
    }
