"""A text that is written once and used many times, and names of files that are taken."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from cardforge.diagnostics import InvalidDeck
from cardforge_sources import moodle
from cardforge_sources.question_bank.files import Files
from tests.hanging import ends


def quiz(kind: str, text: str, parts: str) -> bytes:
    stem = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    return f'<quiz><question type="{kind}"><name><text>n</text></name>{stem}{parts}</question></quiz>'.encode()


def aside(data: bytes) -> list[str]:
    with pytest.raises(InvalidDeck) as caught:
        moodle.read(data, Path("bank.xml"))
    return [d.message for d in caught.value.diagnostics if d.code == "kept-aside"]


def gaps(kind: str) -> bytes:
    option = "dragbox" if kind == "ddwtos" else "selectoption"
    return quiz(kind, "[[1]] x " * 6_000, f"<{option}><text>{'w ' * 150_000}</text><group>1</group></{option}>")


def places() -> bytes:
    row = '<subquestion format="html"><text>left {}</text><answer><text>{}</text></answer></subquestion>'
    rows = "".join(row.format(n, n % 2 + 1) for n in range(2_000))
    return quiz("matching", f"Match. <ol><li>{'z <b>k</b> ' * 10_000}</li><li>b</li></ol>", rows)


@pytest.mark.parametrize("data", [gaps("gapselect"), gaps("ddwtos"), places()], ids=["gapselect", "ddwtos", "match"])
def test_a_question_that_repeats_a_long_text_too_often_is_kept_aside(data: bytes) -> None:
    assert ["more than 1,000,000 characters" in message for message in ends(aside, data)] == [True]


def test_a_file_called_like_another_one_with_its_digest_is_not_overwritten() -> None:
    one, two, three = (b64encode(content).decode() for content in (b"one", b"two", b"three"))
    digest = sha256(three.encode()).hexdigest()[:16]
    files = Files()
    paths = [files.path(*file) for file in ((f"a-{digest}.png", one), ("a.png", two), ("a.png", three))]
    assert [files.media().read(path) for path in paths] == [b"one", b"two", b"three"]
