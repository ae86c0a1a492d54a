"""The study page as a file: what is in it, and what it may do."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from cardforge import export
from cardforge.fidelity import Feature
from cardforge.model import Choice, Cloze, Deck, Flashcard, MultipleChoice, Section
from cardforge_exporters.html import HtmlExporter
from cardforge_exporters.html.formulas import _subset
from tests.conftest import Golden
from tests.strategies import decks

_GOLDENS = Path(__file__).parents[1] / "goldens" / "html"


class _Reader(HTMLParser):
    """Reads a page as browsers do: the elements, and the text in scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


class _Page:
    """A page, taken apart."""

    def __init__(self, deck: Deck, **options: Any) -> None:
        self.data = export(deck, "html", **options).data
        self.text = self.data.decode()
        reader = _Reader()
        reader.feed(self.text)
        reader.close()
        self.elements = [
            (tag, attributes, text) for (tag, attributes), text in zip(reader.elements, reader.texts, strict=True)
        ]

    def all(self, tag: str) -> list[str]:
        return [text for name, _, text in self.elements if name == tag]

    def block(self, name: str) -> str | None:
        return next(
            (text for _, attributes, text in self.elements if attributes.get("id") == f"cardforge-{name}"), None
        )

    def json(self, name: str) -> Any:
        return json.loads(self.block(name) or "null")

    def policy(self) -> str:
        return next(
            a["content"] or "" for tag, a, _ in self.elements if a.get("http-equiv") == "Content-Security-Policy"
        )


def _card(front: str, **fields: Any) -> Flashcard:
    return Flashcard(front=front, back="back", **fields)


def _deck(*items: Any, **fields: Any) -> Deck:
    return Deck(title="T", items=items, **fields)


# --- the policy ----------------------------------------------------------------------------------


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_the_page_s_own_script_alone() -> None:
    page = _Page(_deck(_card("a")))
    scripts = [text for tag, attributes, text in page.elements if tag == "script" and "type" not in attributes]
    assert f"script-src {_hash(scripts[0])};" in page.policy()
    assert len(scripts) == 1


def test_the_policy_allows_the_page_s_own_style_alone() -> None:
    page = _Page(_deck(_card("a")))
    assert [f"style-src {_hash(text)};" in page.policy() for text in page.all("style")] == [True]


def test_the_policy_allows_nothing_from_elsewhere() -> None:
    assert re.findall(r"https?:|\*|'self'|unsafe-eval|blob:", _Page(_deck(_card("a"))).policy()) == []


def test_the_policy_stands_before_all_that_it_governs() -> None:
    text = _Page(_deck(_card("a"))).text
    assert text.index("Content-Security-Policy") < min(text.index("<style"), text.index("<script"))


# --- the data ------------------------------------------------------------------------------------


def test_the_data_of_items(every_kind: Deck, golden: Golden) -> None:
    page = _Page(every_kind)
    data = {"deck": page.json("deck"), "items": page.json("items"), "media": [name for name, _ in page.json("media")]}
    golden(json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n", _GOLDENS / "every_kind.json")


def test_each_item_stands_on_a_line_of_its_own() -> None:
    lines = (_Page(_deck(_card("a"), _card("b"))).block("items") or "").strip().splitlines()
    assert [json.loads(line.rstrip(","))["front"] for line in lines[1:-1]] == ["a", "b"]


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "</title><script>alert(1)</script>"]
)
def test_no_text_leaves_the_data(hostile: str) -> None:
    deck = Deck(
        title=f"T {hostile}",
        author=hostile,
        license=hostile,
        id=f"id{hostile}".replace(" ", ""),
        tags=(hostile,),
        items=(Section(section=hostile, items=(_card(f"`{hostile}`", id=hostile.replace(" ", "")),)),),
    )
    page, plain = _Page(deck), _Page(_deck(_card("a")))
    assert [tag for tag, _, _ in page.elements] == [tag for tag, _, _ in plain.elements]


@given(decks())
@settings(max_examples=60)
def test_any_deck_gives_a_page_with_its_items(deck: Deck) -> None:
    page = _Page(deck)
    assert [item["id"] for item in page.json("items")] == [entry.id for entry in deck.entries()]


def test_the_font_says_nothing_of_when_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = set()
    for then in ("1000000000", "1700000000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", then)
        _subset.cache_clear()
        made.add(export(_deck(_card("$x$")), "html").data)
    assert len(made) == 1


@given(decks())
@settings(max_examples=20)
def test_the_same_deck_gives_the_same_bytes(deck: Deck) -> None:
    assert _Page(deck).data == _Page(deck).data


def test_the_elements_are_the_same_whatever_the_deck(every_kind: Deck) -> None:
    tags = [tag for tag, attributes, _ in _Page(every_kind).elements if attributes.get("id") != "cardforge-font"]
    assert tags == [tag for tag, _, _ in _Page(_deck(_card("a"))).elements]


# --- media ---------------------------------------------------------------------------------------


def test_a_file_is_in_the_page_once(every_kind: Deck) -> None:
    page = _Page(every_kind)
    addresses = [address for _, address in page.json("media")]
    assert sorted(address.partition(";")[0] for address in addresses) == ["data:audio/wav", "data:image/png"]


def test_a_file_is_in_the_page_whole(every_kind: Deck) -> None:
    image = dict(_Page(every_kind).json("media"))["media:0"]
    assert b64decode(image.partition(",")[2]) == (Path(__file__).parent / "media" / "blue.png").read_bytes()


# --- maths ---------------------------------------------------------------------------------------


def test_a_deck_without_formulas_has_no_font() -> None:
    assert _Page(_deck(_card("costs $5"))).block("font") is None


def test_the_font_has_the_characters_of_the_formulas() -> None:
    from fontTools.ttLib import TTFont

    page = _Page(_deck(_card(r"$\sqrt{x} + \alpha \in \mathbb{R}$")))
    font = TTFont(BytesIO(b64decode(page.block("font") or "")))
    assert set("√𝑥+𝛼∈ℝ") <= {chr(code) for code in font.getBestCmap()}


def test_the_font_says_its_licence() -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(b64decode(_Page(_deck(_card("$x$"))).block("font") or "")))
    assert "SIL Open Font License" in str(font["name"].getDebugName(13))


def test_the_font_has_the_constants_for_maths() -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(b64decode(_Page(_deck(_card("$x$"))).block("font") or "")))
    assert "MATH" in font


def test_a_formula_that_mathml_cannot_say_stays_latex() -> None:
    item = _Page(_deck(_card(r"$\ce{H2O}$"))).json("items")[0]
    assert item["front"] == r'<code class="latex">\ce{H2O}</code>'


# --- losses --------------------------------------------------------------------------------------


def _losses(deck: Deck) -> list[tuple[str, str]]:
    return [(loss.feature.value, loss.how) for loss in HtmlExporter().limits(deck)]


def test_every_feature_is_declared() -> None:
    assert set(HtmlExporter.capabilities) == set(Feature)


def test_a_formula_that_stays_latex_is_told() -> None:
    told = [("maths", r"the formula '\ce{H2O}' stays LaTeX, which MathML cannot say")]
    assert _losses(_deck(_card(r"$\ce{H2O}$ and $x$"))) == told


def test_a_formula_in_a_section_s_description_is_told_too() -> None:
    section = Section(section="s", description=r"$\ce{H2O}$", items=(_card("a"),))
    assert [feature for feature, _ in _losses(_deck(section))] == ["maths"]


def test_a_deletion_that_is_a_formula_is_told() -> None:
    assert [feature for feature, _ in _losses(_deck(Cloze(text="It is {{c1::$x^2$}}.")))] == ["cloze"]


def test_a_deletion_that_cannot_be_typed_is_told(tmp_path: Path) -> None:
    assert _losses(_with_image(tmp_path)) == [
        ("cloze", "a deletion has no text that could be typed: the learner says it, and judges")
    ]


def test_a_deletion_that_cannot_be_typed_becomes_a_card(tmp_path: Path) -> None:
    item = _Page(_with_image(tmp_path)).json("items")[0]
    assert (item["kind"], item["front"]) == ("flashcard", "See […]")


def _with_image(folder: Path) -> Deck:
    (folder / "a.png").write_bytes(b"png")
    return _deck(Cloze(text="See {{c1::![](a.png)}}")).with_media(folder)


def test_the_words_of_a_sound_to_be_recalled_are_not_lost() -> None:
    assert _losses(_deck(Cloze(text="It sings {{c1::![tu-whit](owl.mp3)}}."))) == []


@pytest.mark.parametrize(("several", "how"), [(True, "a minus takes from what the other"), (False, "a minus is 0")])
def test_a_minus_that_takes_nothing_from_other_items_is_told(several: bool, how: str) -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b", credit=-0.5))
    ((feature, told),) = _losses(_deck(MultipleChoice(stem="s", choices=choices, multiple=several)))
    assert feature == "choice credit" and told.startswith(how)


def test_a_file_that_few_browsers_play_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.aiff").write_bytes(b"sound")
    deck = _deck(_card("![](a.aiff)")).with_media(tmp_path)
    assert _losses(deck) == [("audio", "not every browser knows files that end in .aiff")]


def test_the_words_of_a_sound_are_told() -> None:
    assert _losses(_deck(_card("![a beep](beep.mp3)"))) == [("audio", "its words, 'a beep', are not shown")]


def test_control_characters_are_told() -> None:
    lost = export(_deck(_card("1\x1f2")), "html").losses
    assert [(str(loss.feature), loss.how) for loss in lost] == [("control characters", "HTML cannot hold them")]


# --- what progress hangs on ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deck_id", "item_id", "told"),
    [
        (None, "a", ["1 id is missing: the learners' progress hangs on the title"]),
        ("deck", None, ["1 id is missing: the learners' progress hangs on texts"]),
        ("deck", "a", []),
    ],
)
def test_missing_ids_are_told(deck_id: str | None, item_id: str | None, told: list[str]) -> None:
    deck = Deck(id=deck_id, title="A deck", items=(Flashcard(id=item_id, front="f", back="b"),))
    notices = [notice.message for notice in export(deck, "html").notices]
    assert [re.split(r",| and what", message)[0] for message in notices] == told
