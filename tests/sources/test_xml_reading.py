"""XML that anybody may have made is parsed, or refused at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.diagnostics import Diagnostic, InvalidDeck
from cardforge.document import Document
from cardforge_sources import xml


def refused(data: bytes) -> Diagnostic:
    with pytest.raises(InvalidDeck) as caught:
        xml.root(xml.document(data, "bank.xml"))
    (found,) = caught.value.diagnostics
    return found


@pytest.mark.parametrize(
    "data",
    [
        "<a>é</a>".encode(),
        b"\xef\xbb\xbf" + "<a>é</a>".encode(),
        "<a>é</a>".encode("utf-16"),
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"),
        "<?xml version='1.0' encoding='windows-1252'?>\n<a>é</a>".encode("cp1252"),
        '<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode(),
        '<?xml version="1.0" encoding="no-such-thing"?><a>é</a>'.encode(),
        '<?xml version="1.0" encoding="punycode"?><a>é</a>'.encode(),
        '<?xml version="1.0" encoding="undefined"?><a>é</a>'.encode(),
    ],
)
def test_any_encoding_is_read(data: bytes) -> None:
    assert xml.root(xml.document(data, "bank.xml")).text == "é"


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"<a>\n <b></a>", "xml-syntax", (2, 8)),
        (b"<a>\n&x;</a>", "xml-syntax", (2, 4)),
        (b"<a>\x01</a>", "xml-syntax", (1, 4)),
        (b"hello", "xml-syntax", (1, 1)),
        (b"<?xml version='1.0'?>\n\n<a>\n", "xml-syntax", (3, 4)),
        (b"<!-- x -->\n<!DOCTYPE a SYSTEM 'a.dtd'><a/>", "xml-doctype", (2, 1)),
        (b"<a>" * 300 + b"</a>" * 300, "xml-syntax", (1, 771)),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(data: bytes, code: str, place: tuple[int, int]) -> None:
    found = refused(data)
    assert found.span and (found.code, (found.span.line, found.span.column)) == (code, place)


def test_entities_that_would_grow_are_refused() -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "ha">{lines}]><a>&e19;</a>'
    assert refused(bomb.encode()).code == "xml-doctype"


@given(st.lists(st.sampled_from(["<b/>", "\n", "\r\n", "é", "<!-- \n -->", "<![CDATA[\n]]>"]), max_size=12))
def test_each_element_is_on_its_line(parts: list[str]) -> None:
    text = "<a>\n" + "".join(parts) + "\n<c/></a>"
    document = Document("bank.xml", text)
    last = xml.root(document)[-1]
    assert document.span(xml.Offsets(document).of(last)).line == document.span(text.index("<c/>")).line


def test_a_part_of_a_document_is_parsed_where_it_stands() -> None:
    document = Document.joined("bank.zip", [("a.xml", "<a/>"), ("b.xml", "<b>\n <c/>\n</b>")])
    begin = document.text.index("<b>")
    element = xml.root(document, begin)[0]
    assert str(document.span(xml.Offsets(document, begin).of(element))) == "bank.zip/b.xml:2:2"


@given(st.text(alphabet="<>&;!?/ab\"'=[]- \n\0\ud800", max_size=40))
def test_any_text_gives_an_element_or_a_diagnostic(text: str) -> None:
    try:
        xml.root(Document("bank.xml", text))
    except InvalidDeck as error:
        assert len(error.diagnostics) == 1
