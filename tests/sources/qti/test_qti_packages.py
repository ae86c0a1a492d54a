"""Packages: what stands in them, in which order, and what is refused."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from cardforge.diagnostics import InvalidDeck
from cardforge.model.ids import main_text
from cardforge.registry import source_for
from cardforge_sources.qti import QtiSource
from tests.sources.qti.reading import (
    choices,
    equal,
    item_1_2,
    item_2,
    lid,
    read,
    read_package,
    response,
    text_1_2,
    warnings,
    when,
)

ITEM = item_2(choices("A", "B"), response("A"))
QUIZ = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
TEST = (
    '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="Test">'
    '<testPart identifier="p" navigationMode="nonlinear" submissionMode="individual">{}</testPart></assessmentTest>'
)


def section(title: str, *refs: str, more: str = "") -> str:
    rows = "".join(f'<assessmentItemRef identifier="{ref}" href="{ref}.xml"/>' for ref in refs)
    return f'<assessmentSection identifier="s" title="{title}" visible="true">{more}{rows}</assessmentSection>'


def another(name: str) -> str:
    return ITEM.replace('"i1"', f'"{name}"').replace("Which?", f"Which {name}?")


def test_a_test_orders_its_items_in_sections() -> None:
    sections = section("One", "b") + section("Two", "a")
    deck = read_package({"a.xml": another("a"), "b.xml": another("b"), "test.xml": TEST.format(sections)})
    assert [(entry.id, entry.sections[0].section) for entry in deck.entries()] == [("b", "One"), ("a", "Two")]


def test_a_selection_is_a_pick() -> None:
    part = section("One", "a", "b", more='<selection select="1"/>')
    deck = read_package({"a.xml": another("a"), "b.xml": another("b"), "test.xml": TEST.format(part)})
    assert deck.entries()[0].sections[0].pick == 1


def test_a_weight_is_worth_points() -> None:
    part = section("One", "a").replace("/></assess", '><weight identifier="w" value="3"/></assessmentItemRef></assess')
    deck = read_package({"a.xml": another("a"), "test.xml": TEST.format(part)})
    assert deck.entries()[0].item.points == 3


def test_several_quizzes_are_sections() -> None:
    second = QUIZ.replace("a1", "a2").replace('title="Quiz"', 'title="Other"')
    deck = read_package({"one.xml": QUIZ, "two.xml": second})
    assert [entry.sections[0].section for entry in deck.entries()] == ["Quiz", "Other"]


def test_a_quiz_that_canvas_exports_twice_is_read_once() -> None:
    deck = read_package({"a1/assessment_qti.xml": QUIZ, "non_cc_assessments/a1.xml.qti": QUIZ})
    assert (len(deck.entries()), warnings(deck)) == (1, ["not-kept"])


def test_of_two_forms_of_a_quiz_what_only_the_shorter_has_is_told() -> None:
    asked = QUIZ[QUIZ.index("<item ") : QUIZ.index("</section>")]
    fuller = QUIZ.replace(asked, asked + asked.replace("Which?", "What?").replace("q1", "q2"))
    other = QUIZ.replace("Which?", "Who?").replace("q1", "q9").replace('title="Question"', 'title="Only here"')
    deck = read_package({"a1/assessment_qti.xml": other, "non_cc_assessments/a1.xml.qti": fuller})
    told = [warning.message for warning in deck.origin.warnings if warning.code == "kept-aside"]
    assert (len(deck.entries()), ["Only here" in message for message in told]) == (2, [True])


def test_two_quizzes_with_one_ident_are_both_read() -> None:
    deck = read_package({"one.xml": QUIZ, "two.xml": QUIZ.replace("Which?", "Who?").replace("q1", "q2")})
    assert [entry.item.id for entry in deck.entries()] == ["q1", "q2"]


ALMOST_ALIKE = pytest.mark.parametrize(
    ("one", "two"),
    [
        (text_1_2("7 + 3?"), text_1_2("7 - 3?")),
        (text_1_2("x &lt; 3"), text_1_2("x &gt; 3")),
        (text_1_2("&lt;img src='a.png'&gt;"), text_1_2("&lt;img src='b.png'&gt;")),
        ('<material><matimage uri="a.png"/></material>', '<material><matimage uri="b.png"/></material>'),
    ],
)


def asking(presented: str) -> str:
    return item_1_2(presented + lid("a", "b"), when(equal("b"), "100"))


@ALMOST_ALIKE
def test_quizzes_that_differ_in_a_sign_or_an_image_are_both_read(one: str, two: str) -> None:
    deck = read_package({"one.xml": asking(one), "two.xml": asking(two)})
    assert [entry.sections[0].section for entry in deck.entries()] == ["Quiz", "Quiz"]


@ALMOST_ALIKE
def test_of_two_forms_an_item_that_differs_in_a_sign_or_an_image_is_told(one: str, two: str) -> None:
    deck = read_package({"a1/assessment_qti.xml": asking(one), "non_cc_assessments/a1.xml.qti": asking(two)})
    assert "it stands only in the other form" in " ".join(warning.message for warning in deck.origin.warnings)


def test_two_quizzes_whose_items_only_look_alike_are_both_read() -> None:
    other = QUIZ.replace('"q1"', '"q2"').replace('title="Question"', 'title="Another question"')
    assert len(read_package({"one.xml": QUIZ, "two.xml": other}).entries()) == 2


def test_a_quiz_without_items_of_its_own_is_no_form_of_another() -> None:
    bank = '<questestinterop><objectbank ident="bank">{}</objectbank></questestinterop>'
    asked = QUIZ[QUIZ.index("<item ") : QUIZ.index("</section>")]
    files = {
        "bank.xml": bank.format(asked.replace("Which?", "Who?").replace("q1", "q2")),
        "one.xml": QUIZ,
        "two.xml": QUIZ.replace(asked, "<sourcebank_ref>bank</sourcebank_ref>").replace('"Quiz"', '"Another quiz"'),
    }
    found = [(entry.id, entry.sections[0].section) for entry in read_package(files).entries()]
    assert found == [("q1", "Quiz"), ("q2", "Another quiz")]


def test_markup_and_white_space_make_no_other_form() -> None:
    other = QUIZ.replace("<material><mattext>Which?", "<material>\n <mattext>&lt;p&gt;Which?&lt;/p&gt;")
    deck = read_package({"a1/assessment_qti.xml": QUIZ, "non_cc_assessments/a1.xml.qti": other})
    assert (len(deck.entries()), warnings(deck)) == (1, ["not-kept"])


def test_a_quiz_and_its_bank_under_one_ident_are_read_once() -> None:
    bank = QUIZ.replace("<assessment ", "<objectbank ").replace("</assessment>", "</objectbank>")
    assert len(read_package({"quiz.xml": QUIZ, "bank.xml": bank}).entries()) == 1


def test_a_quiz_takes_the_items_that_have_files_of_their_own() -> None:
    item = QUIZ[QUIZ.index("<item ") : QUIZ.index("</section>")]
    files = {
        "a.xml": f"<questestinterop>{item}</questestinterop>",
        "z.xml": QUIZ.replace(item, '<itemref linkrefid="q1"/>'),
    }
    deck = read_package(files)
    assert (deck.title, [entry.item.id for entry in deck.entries()], warnings(deck)) == ("Quiz", ["q1"], [])


def test_a_bank_that_is_read_before_its_quiz_is_read_once() -> None:
    item = QUIZ[QUIZ.index("<item ") : QUIZ.index("</section>")]
    bank = f'<questestinterop><objectbank ident="bank">{item}</objectbank></questestinterop>'
    deck = read_package({"a.xml": bank, "z.xml": QUIZ.replace(item, "<sourcebank_ref>bank</sourcebank_ref>")})
    assert ([entry.item.id for entry in deck.entries()], warnings(deck)) == (["q1"], [])


def test_a_broken_bank_that_a_quiz_names_is_told_once() -> None:
    bank = '<questestinterop><objectbank ident="bank"><item ident="x"><presentation></objectbank></questestinterop>'
    quiz = QUIZ.replace("</section>", "<sourcebank_ref>bank</sourcebank_ref></section>")
    assert warnings(read_package({"a.xml": bank, "z.xml": quiz})) == ["kept-aside"]


def test_a_quiz_that_names_itself_is_read_once() -> None:
    itself = QUIZ.replace("</section>", "<sourcebank_ref>a1</sourcebank_ref></section>")
    assert len(read_package({"quiz.xml": itself}).entries()) == 1


def test_the_settings_of_a_quiz_become_options() -> None:
    meta = '<quiz identifier="a1"><title>Quiz</title><allowed_attempts>3</allowed_attempts></quiz>'
    deck = read_package({"a1/assessment_meta.xml": meta, "a1/a1.xml": QUIZ})
    assert deck.targets == {"canvas": {"attempts": "3"}}


def test_one_file_that_is_broken_does_not_hide_the_others() -> None:
    deck = read_package({"a.xml": another("a"), "b.xml": another("b").replace("</itemBody>", "")})
    assert (len(deck.entries()), warnings(deck)) == (1, ["kept-aside"])


@pytest.mark.parametrize(
    "manifest", [b"<manifest><resources", b'<!DOCTYPE m [<!ENTITY x "y">]><manifest/>', b"<manifest>\xe9</manifest>"]
)
def test_a_broken_manifest_does_not_hide_the_questions(manifest: bytes) -> None:
    deck = read_package({"imsmanifest.xml": manifest, "quiz.xml": QUIZ})
    assert (len(deck.entries()), warnings(deck)) == (1, ["kept-aside"])


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("res00001/a cell.png", "@X@EmbeddedFile.location@X@a%20cell.png"),
        ("csfiles/home_dir/cell__xid-2201_1.png", "@X@EmbeddedFile.requestUrlStub@X@bbcswebdav/xid-2201_1"),
    ],
)
def test_media_of_blackboard(name: str, address: str) -> None:
    image = f"&lt;img src=&quot;{address}&quot; alt=&quot;a cell&quot;&gt;"
    deck = read_package({"res00001.dat": QUIZ.replace("Which?", image), name: b"\x89PNG", f"{name}.xml": b"<lom/>"})
    assert (warnings(deck), deck.origin.media.problem(name)) == ([], None)


def test_an_item_that_is_not_there_is_told() -> None:
    deck = read_package({"a.xml": another("a"), "test.xml": TEST.format(section("One", "a", "gone"))})
    assert warnings(deck) == ["kept-aside"]


def test_a_package_that_was_unpacked_is_read_by_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(another("a"))
    manifest = '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="a.xml"/></resources></manifest>'
    (tmp_path / "imsmanifest.xml").write_text(manifest)
    assert QtiSource().read(tmp_path / "imsmanifest.xml").data["items"][0]["id"] == "a"  # type: ignore[index]


@pytest.mark.parametrize("text", [ITEM, QUIZ, TEST.format("")])
def test_files_are_recognised(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file.xml"
    file.write_text(text)
    assert source_for(file).name == "qti"


def test_other_xml_is_not_recognised(tmp_path: Path) -> None:
    file = tmp_path / "file.xml"
    file.write_text("<quiz><question type='essay'/></quiz>")
    assert not QtiSource().recognises(file)


# --- files that are made to do harm -----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>' + ITEM.replace("Which?", "&x;"),
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + ITEM,
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.org/x.dtd"> %x;]>' + ITEM,
    ],
)
def test_entities_are_refused(text: str) -> None:
    with pytest.raises(InvalidDeck) as caught:
        read(text)
    assert caught.value.diagnostics[0].code == "xml-doctype"


def test_a_document_type_that_declares_nothing_does_no_harm() -> None:
    assert len(read('<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd">\n' + QUIZ).entries()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<questestinterop>" * 10_000,
        item_2("<div>" * 10_000, response()),
        QUIZ[: len(QUIZ) // 2],
        QUIZ.replace("Which?", "\0"),
        "<assessmentItem/>",
        "<questestinterop/>",
    ],
)
def test_what_is_no_whole_file_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InvalidDeck):
        read(text)


def test_rules_without_end_are_kept_aside() -> None:
    condition = "<responseCondition><responseIf><isNull><variable identifier='RESPONSE'/></isNull></responseIf></responseCondition>"
    many = f"<responseProcessing>{condition * 30_000}</responseProcessing>"
    assert "adapted-item" in warnings(read(item_2(choices("A", "B"), response("A"), many)))


def test_a_file_of_very_many_tags_is_refused() -> None:
    tracemalloc.start()
    with pytest.raises(InvalidDeck):
        read(QUIZ.replace("<item ", "<x/>" * 1_000_000 + "<item "))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000_000


def test_a_package_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("a.xml", ITEM)
    file = tmp_path / "cut.zip"
    file.write_bytes(whole.getvalue()[:-40])
    with pytest.raises(InvalidDeck):
        QtiSource().read(file)


def test_a_package_that_names_files_outside_is_refused() -> None:
    with pytest.raises(InvalidDeck, match="outside"):
        read_package({"../a.xml": ITEM})


def test_section_files_that_each_name_the_next_one_twice_are_read_once() -> None:
    refs = '<assessmentSectionRef identifier="{0}{1}" href="s{1}.xml"/>'
    ns = '<assessmentSection xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="s" title="S" visible="true">'
    files = {
        f"s{n}.xml": f"{ns}{refs.format('a', n + 1)}{refs.format('b', n + 1)}</assessmentSection>" for n in range(15)
    }
    files |= {"s15.xml": section("Last", "i"), "i.xml": ITEM, "test.xml": TEST.format(refs.format("a", 0))}
    deck = read_package(files)
    assert len(deck.entries()) == 1
    assert any("a section is asked a second time" in warning.message for warning in deck.origin.warnings)


def test_texts_that_would_take_much_memory_are_refused() -> None:
    wide = "<assessmentItem>\N{GRINNING FACE}" + " " * 9_900_000 + "</assessmentItem>"
    with pytest.raises(InvalidDeck, match="package-too-large"):
        read_package(dict.fromkeys(map("a{}.xml".format, range(9)), wide))


def test_a_language_that_is_none_spoils_nothing() -> None:
    deck = read(QUIZ.replace("<assessment ", '<assessment xml:lang="no language" ', 1))
    assert (deck.language, len(deck.entries())) == (None, 1)


def test_a_package_is_a_beginning() -> None:
    assert read(QUIZ).origin.is_beginning


def test_a_text_that_many_items_refer_to_does_not_fill_the_memory() -> None:
    words = f"<stimulusBody><p>{'word ' * 600_000}</p></stimulusBody>"
    text = f'<assessmentStimulus xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="s">{words}</assessmentStimulus>'
    refers = '<assessmentStimulusRef identifier="s" href="s.xml"/><itemBody>'
    items = {f"{name}.xml": another(name).replace("<itemBody>", refers) for name in "abc"}
    deck = read_package({"s.xml": text, **items})
    assert [len(str(main_text(entry.item))) > 1_000_000 for entry in deck.entries()] == [True, False, False]
    assert warnings(deck) == ["adapted-item"] * 2
