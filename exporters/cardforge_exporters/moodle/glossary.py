"""Flashcards as entries of a glossary: the front is the concept, the back the definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cardforge.model import Deck, Entry, Flashcard
from cardforge.text import Text, plain
from cardforge.text.content import is_plain
from cardforge_exporters import quiz
from cardforge_exporters.moodle import names, xml
from cardforge_exporters.moodle.categories import author_and_license
from cardforge_exporters.moodle.texts import Page, Texts

LONGEST_CONCEPT = 255


def has_flashcards(deck: Deck) -> bool:
    """Whether there is anything for a glossary."""
    return any(isinstance(entry.item, Flashcard) for entry in deck.entries())


def document(deck: Deck, texts: Texts) -> Iterator[str]:
    """The file, in parts."""
    title = xml.escaped(names.category_name(deck.title))
    page = texts.page()
    said = f"<div>{page.html(deck.description)}</div>" if deck.description is not None else ""
    intro = xml.escaped((said + author_and_license(deck)) or title)
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<GLOSSARY>\n<INFO>\n'
        f"<NAME>{title}</NAME>\n<INTRO>{intro}</INTRO>\n<INTROFORMAT>1</INTROFORMAT>\n"
        "<ALLOWDUPLICATEDENTRIES>1</ALLOWDUPLICATEDENTRIES>\n<DISPLAYFORMAT>dictionary</DISPLAYFORMAT>\n"
        "<SHOWSPECIAL>1</SHOWSPECIAL>\n<SHOWALPHABET>1</SHOWALPHABET>\n<SHOWALL>1</SHOWALL>\n"
        "<ALLOWCOMMENTS>0</ALLOWCOMMENTS>\n<USEDYNALINK>0</USEDYNALINK>\n<DEFAULTAPPROVAL>1</DEFAULTAPPROVAL>\n"
        "<GLOBALGLOSSARY>0</GLOBALGLOSSARY>\n<ENTBYPAGE>10</ENTBYPAGE>\n"
        f"{_files('INTROFILES', page, texts)}<ENTRIES>\n"
    )
    for concept, entry, item in _concepts(deck.entries()):
        yield _entry(concept, entry, item, texts)
    yield "</ENTRIES>\n</INFO>\n</GLOSSARY>\n"


def _concepts(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry, Flashcard]]:
    """Each flashcard with its concept; one that is there already, whatever its case, gets a number."""
    seen: set[str] = set()
    for entry in entries:
        if isinstance(entry.item, Flashcard):
            concept = first = _concept(entry.item)
            count = 1
            while concept.lower() in seen:
                count += 1
                concept = f"{first} ({count})"
            seen.add(concept.lower())
            yield concept, entry, entry.item


def _concept(item: Flashcard) -> str:
    concept = names.label(quiz.title(item, 200))
    concept = concept if len(concept) < LONGEST_CONCEPT - 10 else names.label(quiz.title(item, 45))
    return "“0”" if concept == "0" else concept  # PHP takes 0 for nothing


def is_whole(item: Flashcard) -> bool:
    """Whether the concept says all that the front says."""
    return quiz.title(item, 200) == " ".join(plain(item.front).split()) and _is_line(item.front)


def _is_line(text: Text) -> bool:
    return isinstance(text, str) and is_plain(text) is not None


def _entry(concept: str, entry: Entry, item: Flashcard, texts: Texts) -> str:
    page = texts.page()
    definition = _definition(item, page)
    tags = "".join(f"<TAG>{xml.escaped(tag)}</TAG>" for tag in names.tags(entry.tags, item.level))
    category = names.category_name(" / ".join(section.section for section in entry.sections)) if entry.sections else ""
    in_category = f"<CATEGORY><NAME>{xml.escaped(category)}</NAME><USEDYNALINK>0</USEDYNALINK></CATEGORY>"
    return (
        f"<ENTRY>\n<CONCEPT>{xml.escaped(concept)}</CONCEPT>\n<DEFINITION>{xml.escaped(definition)}</DEFINITION>\n"
        "<FORMAT>1</FORMAT>\n<USEDYNALINK>0</USEDYNALINK>\n<CASESENSITIVE>0</CASESENSITIVE>\n"
        "<FULLMATCH>0</FULLMATCH>\n<TEACHERENTRY>1</TEACHERENTRY>\n"
        + (f"<CATEGORIES>{in_category}</CATEGORIES>\n" if category else "")
        + _files("ENTRYFILES", page, texts)
        + (f"<TAGS>{tags}</TAGS>\n" if tags else "")
        + "</ENTRY>\n"
    )


def _definition(item: Flashcard, page: Page) -> str:
    front = "" if is_whole(item) else f"<div>{page.html(item.front)}</div>"
    return front + quiz.hints(item, page.html) + quiz.general_feedback(item, page.html)


def _files(name: str, page: Page, texts: Texts) -> str:
    """The media on a page, in an element of that name."""
    files = "".join(
        f"<FILE><FILENAME>{file}</FILENAME><FILEPATH>/</FILEPATH>"
        f"<CONTENTS>{xml.encoded(texts.read(path))}</CONTENTS></FILE>\n"
        for file, path in page.files.items()
    )
    return f"<{name}>\n{files}</{name}>\n" if files else ""
