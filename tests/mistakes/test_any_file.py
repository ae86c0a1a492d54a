"""Whatever a file holds, checking it gives diagnostics with a place in the file, and a fix; it never raises."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from cardforge import api
from cardforge.diagnostics import Diagnostic
from cardforge.document import decode

VALID = (Path(__file__).parent / "no_mistakes.yaml").read_text(encoding="utf-8").replace("figures/", "./")
DATA = yaml.load(VALID, yaml.BaseLoader)
FRAGMENTS = [
    *"\n\t :-#'\"{}[]|>&*!%@`$\\<>?,~\u2028\x85\ufeff\x07🪐",
    "- ",
    ": ",
    "  ",
    "{{c1::",
    "}}",
    "---\n",
    "![](",
    "$x",
]
KEYS = """type id front back text html Html constrained-str items section choices title targets origin hint KIND correct
    pick tags answers answer level stem pairs steps concepts points credit left right extra language""".split()
VALUES: list[Any] = [
    *(
        "",
        " ",
        "x",
        "1",
        "-1",
        "1.5",
        "nan",
        "inf",
        "1e400",
        "9" * 400,
        "true",
        "flashcard",
        "beginner",
        "x\ny",
        "x\x07y",
    ),
    *("$\\alhpa$", "$", "{{c1::x}}", "{{c1::x", "![](x.png)", "![x](x.png)", "<script>x", "\uf8ff{{c1::mended}}0"),
    *([], ["x"], ["x", "x"], [""], [[["x"]]], {}, {"x": "y"}, {"text": "x"}, {"text": {"html": "x"}}),
    *({"html": "x"}, {"html": ""}, {"html": "x", "y": "z"}, {"section": "x", "items": []}, [{"left": "x"}]),
    *([{"text": "x", "correct": "true"}, {"text": "x"}], [{"type": "cloze", "text": "x"}], {"Html": {"x": "y"}}),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any")
    (folder / "jupiter.svg").write_text("<svg/>")
    return folder / "deck.yaml"


def check(path: Path, data: bytes) -> tuple[Diagnostic, ...]:
    path.write_bytes(data)
    return api.check(path)


def assert_sound(found: tuple[Diagnostic, ...], text: str) -> None:
    lines = re.split("\r\n|\n|\r", text)
    for diagnostic in found:
        assert diagnostic.span
        assert 1 <= diagnostic.span.line <= len(lines), diagnostic
        assert 1 <= diagnostic.span.column <= len(lines[diagnostic.span.line - 1]) + 1, diagnostic
        assert diagnostic.code and diagnostic.message and diagnostic.fix
        assert str(diagnostic)


BOMS = {
    b"": "utf-8",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
}


@given(st.sampled_from(list(BOMS)), st.binary(max_size=200))
def test_any_bytes(path: Path, bom: bytes, data: bytes) -> None:
    assume(not any((bom + data).startswith(other) for other in BOMS if len(other) > len(bom)))
    assert_sound(check(path, bom + data), data.decode(BOMS[bom], "replace"))


@given(st.text(max_size=200) | st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_any_text(path: Path, text: str) -> None:
    text = text.encode(errors="ignore").decode()
    assert_sound(check(path, text.encode()), text)


any_data = st.recursive(
    st.sampled_from(VALUES) | st.text(max_size=5) | st.none() | st.integers() | st.floats() | st.booleans(),
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inside, max_size=5)
    ),
    max_leaves=20,
)


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(data: Any, flow: bool | None = False, unicode: bool = True) -> str:
    return yaml.dump(data, Dumper=Dumper, allow_unicode=unicode, default_flow_style=flow, sort_keys=False)


@given(any_data, st.sampled_from([None, False, True]), st.booleans())
def test_any_yaml(path: Path, data: Any, flow: bool | None, unicode: bool) -> None:
    text = written(data, flow, unicode)
    assert_sound(check(path, text.encode()), text)


@given(
    st.dictionaries(st.sampled_from(KEYS), any_data, max_size=6), st.sampled_from(["flashcard", "cloze", "matching"])
)
def test_any_item(path: Path, item: dict[str, Any], kind: str) -> None:
    text = written({"title": "T", "items": [{"type": kind} | item, item]})
    assert_sound(check(path, text.encode()), text)


@st.composite
def edited_texts(draw: DrawFn) -> str:
    """A valid deck in which lines or characters were lost, repeated, moved or typed in."""
    text = VALID
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split("\n")
        line, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        at = draw(st.integers(0, len(text)))
        match draw(st.integers(0, 6)):
            case 0:
                del lines[line]
            case 1:
                lines.insert(other, lines[line])
            case 2:
                lines[line], lines[other] = lines[other], lines[line]
            case 3:
                lines[line] = " " * draw(st.integers(0, 8)) + lines[line].lstrip()
            case 4:
                lines = (text[:at] + text[at + 1 :]).split("\n")
            case 5:
                lines = (text[:at] + text[at : at + 9] + text[at:]).split("\n")
            case _:
                lines = (text[:at] + draw(st.sampled_from(FRAGMENTS)) + text[at:]).split("\n")
        text = "\n".join(lines)
    return text


@given(edited_texts(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_valid_deck_with_slips_of_the_hand(path: Path, text: str, line_end: str) -> None:
    text = text.replace("\n", line_end)
    data = text.encode()
    assert_sound(check(path, data), decode(data, "").text if text.strip() else text)


@st.composite
def changed_data(draw: DrawFn) -> Any:
    """The valid deck's data with parts lost, renamed or replaced by others."""
    changed = _copy(DATA)
    for _ in range(draw(st.integers(1, 5))):
        holder, key = draw(st.sampled_from(list(_places(changed))))
        match draw(st.integers(0, 3)):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[draw(st.sampled_from(KEYS))] = holder.pop(key)
            case 2 if isinstance(holder, dict):
                holder[draw(st.sampled_from(KEYS))] = _copy(draw(st.sampled_from(VALUES)))
            case _:
                holder[key] = _copy(draw(st.sampled_from(VALUES)))
        if not changed:
            break
    return changed


def _copy(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(value) for value in data] if isinstance(data, list) else data


def _places(data: Any) -> Any:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


@given(changed_data())
def test_a_valid_deck_with_parts_lost_renamed_or_replaced(path: Path, data: Any) -> None:
    text = written(data)
    assert_sound(check(path, text.encode()), text)
