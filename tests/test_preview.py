"""The preview: what it shows while a deck is edited, and whom it answers."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO, ClassVar

import pytest

from cardforge.diagnostics import InvalidOption
from cardforge.fidelity import Capabilities, Feature, dropped, everything_native
from cardforge.model import Deck
from cardforge.plugin import Context, Exporter
from cardforge.preview import Preview, PreviewServer, View, serve, wrapper

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DECK = "title: Leaves\nitems:\n- type: flashcard\n  front: Q\n  back: A\n"


class Pages(Exporter):
    """Writes the title as a page; fails when that is "break"."""

    name: ClassVar[str] = "pages"
    summary: ClassVar[str] = "the title as a page"
    suffix: ClassVar[str] = ".html"
    capabilities: ClassVar[Capabilities] = everything_native() | {Feature.HINT: dropped("no place for it")}

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        if deck.title == "break":
            raise ZeroDivisionError("of a plugin")
        out.write(f"<!DOCTYPE html><title>x</title><h1>{deck.title}</h1>".encode())


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "deck.yaml"
    path.write_text(DECK)
    return path


def saved(path: Path, text: str) -> None:
    """Save as an editor does: another file, put in the place of the old one."""
    other = path.with_suffix(".new")
    other.write_text(text)
    other.replace(path)


# --- what is shown -------------------------------------------------------------------------------


def test_a_deck_in_order_is_shown(deck: Path) -> None:
    view = Preview(deck, Pages()).view()
    assert (view.page, view.told) == (b"<!DOCTYPE html><title>x</title><h1>Leaves</h1>", "")


def test_a_saved_deck_is_shown_anew(deck: Path) -> None:
    preview = Preview(deck, Pages())
    before = preview.view()
    saved(deck, DECK.replace("Leaves", "Roots!"))
    after = preview.view()
    assert after.page and b"Roots!" in after.page
    assert after.version != before.version


def test_a_deck_that_is_saved_in_place_is_shown_anew(deck: Path) -> None:
    preview = Preview(deck, Pages())
    preview.view()
    deck.write_text(DECK.replace("Leaves", "Roots"))
    os.utime(deck, ns=(1, 1))  # file systems differ in how exact their times are
    page = preview.view().page
    assert page and b"Roots" in page


def test_what_did_not_change_is_not_made_again(deck: Path) -> None:
    preview = Preview(deck, Pages())
    assert preview.view() is preview.view()


def test_a_view_that_is_made_again_alike_has_the_same_version(deck: Path) -> None:
    preview = Preview(deck, Pages())
    before = preview.view()
    saved(deck, DECK + "# nothing new\n")
    assert preview.view().version == before.version


def test_a_broken_deck_tells_what_is_wrong_as_the_terminal_does(deck: Path) -> None:
    deck.write_text(DECK + "  bakc: B\n")
    view = Preview(deck, Pages()).view()
    assert view.page is None
    assert f"{deck}:6:3: error[unknown-field]" in view.told


def test_a_deck_is_shown_again_once_it_is_mended(deck: Path) -> None:
    preview = Preview(deck, Pages())
    saved(deck, "title: [\n")
    assert preview.view().page is None
    saved(deck, DECK)
    assert preview.view().page


def test_a_deck_that_is_not_there_yet_is_waited_for(deck: Path) -> None:
    deck.rename(deck.with_suffix(".away"))
    preview = Preview(deck, Pages())
    assert "there is no such file" in preview.view().told
    deck.with_suffix(".away").rename(deck)
    assert preview.view().page


def test_a_picture_that_is_saved_makes_the_page_anew(deck: Path, tmp_path: Path) -> None:
    deck.write_text(DECK.replace("front: Q", "front: '![a leaf](leaf.png)'"))
    (tmp_path / "leaf.png").write_bytes(b"one")
    preview = Preview(deck, Pages())
    before = preview.view()
    (tmp_path / "leaf.png").write_bytes(b"another")
    assert preview.view() is not before


def test_a_picture_that_was_missing_mends_the_deck(deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck.write_text(DECK.replace("front: Q", "front: '![a leaf](leaf.png)'"))
    preview = Preview(deck, Pages())
    assert "media-missing" in preview.view().told
    (tmp_path / "leaf.png").write_bytes(b"one")
    monkeypatch.setattr(preview, "_again_at", 0.0)
    assert preview.view().page


def test_a_broken_deck_does_not_take_all_the_time(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck.write_text("title: [\n")
    preview = Preview(deck, Pages())
    view = preview.view()
    monkeypatch.setattr(preview, "_again_at", float("inf"))
    assert preview.view() is view


def test_losses_and_warnings_are_told_beside_the_page(deck: Path) -> None:
    deck.write_text(DECK + "  hint: H\ntargets: {nowhere: {}}\n")
    view = Preview(deck, Pages()).view()
    assert view.page
    assert "warning[unknown-target]" in view.told
    assert "dropped: flashcard-" in view.told


def test_a_fault_of_a_plugin_is_told(deck: Path) -> None:
    deck.write_text(DECK.replace("Leaves", "break"))
    view = Preview(deck, Pages()).view()
    assert (view.page, "ZeroDivisionError: of a plugin" in view.told) == (None, True)


@pytest.mark.parametrize(("to", "source"), [("nowhere", None), ("yaml", "nowhere")])
def test_a_format_that_is_not_there_is_told(deck: Path, to: str, source: str | None) -> None:
    assert "'nowhere'" in Preview(deck, to, source=source).view().told


def test_options_are_the_exporters(deck: Path) -> None:
    page = Preview(deck, "csv", options={"delimiter": "semicolon"}).view().page
    assert page and b";" in page


# --- the page around -----------------------------------------------------------------------------


def test_what_is_told_is_text_and_no_markup() -> None:
    page = wrapper(View(None, "<script>alert('x')</script> & [b]"), '<img src="x">.yaml')
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; [b]" in page
    assert "<img" not in page


def test_a_broken_deck_has_no_study_page_around_it() -> None:
    assert "<iframe" not in wrapper(View(None, "wrong"), "deck.yaml")


def test_a_deck_in_order_has_its_study_page() -> None:
    page = wrapper(View(b"x"), "deck.yaml")
    assert "<iframe" in page
    assert "<details" not in page


# --- the server ----------------------------------------------------------------------------------


@pytest.fixture
def server(deck: Path) -> Iterator[PreviewServer]:
    with serve(Preview(deck, Pages())) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: PreviewServer, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("path", "kind", "holds"),
    [
        ("/", "text/html", b"<iframe"),
        ("/?again", "text/html", b"<iframe"),
        ("/page", "text/html", b"<h1>Leaves</h1>"),
        ("/version", "text/plain", b""),
        ("/preview.js", "text/javascript", b"/version"),
        ("/preview.css", "text/css", b"iframe"),
    ],
)
def test_what_is_served(server: PreviewServer, path: str, kind: str, holds: bytes) -> None:
    answer, body = ask(server, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, f"{kind}; charset=utf-8")
    assert holds in body


def test_the_page_names_the_version_that_it_shows(server: PreviewServer) -> None:
    version = ask(server, "/version")[1].decode()
    assert f'data-version="{version}"' in ask(server, "/")[1].decode()


def test_a_broken_deck_has_a_version_and_no_page(server: PreviewServer, deck: Path) -> None:
    before = ask(server, "/version")[1]
    saved(deck, "title: [\n")
    assert ask(server, "/version")[1] != before
    assert ask(server, "/page")[0].status == 404
    assert b"error[yaml-syntax]" in ask(server, "/")[1]


@pytest.mark.parametrize(
    "path", ["/deck.yaml", "/../deck.yaml", "//deck.yaml", "/page/", "/%2e%2e/etc/passwd", "/PAGE", "/page#x"]
)
def test_no_path_leads_elsewhere(server: PreviewServer, path: str) -> None:
    assert ask(server, path)[0].status == 404


@pytest.mark.parametrize("path", ["/", "/page", "/version", "/nowhere"])
def test_head_answers_as_get_does_without_the_body(server: PreviewServer, path: str) -> None:
    (got, _), (headed, body) = ask(server, path), ask(server, path, "HEAD")
    assert (headed.status, headed.headers["Content-Type"]) == (got.status, got.headers["Content-Type"])
    assert (headed.headers["Content-Length"], body) == (got.headers["Content-Length"], b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_get_is_answered(server: PreviewServer, method: str) -> None:
    assert ask(server, "/", method)[0].status == 501


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:{port}", "127.0.0.1", "127.0.0.1:1", "", "127.0.0.1.x:{port}"]
)
def test_another_host_is_refused(server: PreviewServer, host: str) -> None:
    answer, body = ask(server, "/page", Host=host.format(port=server.port))
    assert (answer.status, b"Leaves" in body) == (403, False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost"])
def test_its_own_host_is_answered(server: PreviewServer, host: str) -> None:
    assert ask(server, "/page", Host=f"{host}:{server.port}")[0].status == 200


def test_two_hosts_are_refused(server: PreviewServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        host = f"Host: 127.0.0.1:{server.port}\r\n"
        connection.sendall(f"GET / HTTP/1.0\r\n{host}Host: example.org\r\n\r\n".encode())
        assert b" 403 " in connection.recv(100)


def test_it_listens_on_this_computer_only(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert server.url == f"http://127.0.0.1:{server.port}/"


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/", "X-Content-Type-Options", "nosniff"),
        ("/page", "Cache-Control", "no-store"),
        ("/page", "X-Frame-Options", "SAMEORIGIN"),
        ("/page", "Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_the_headers_that_keep_other_pages_out(server: PreviewServer, path: str, name: str, value: str) -> None:
    headers = ask(server, path)[0].headers
    assert headers[name] == value
    assert "Access-Control-Allow-Origin" not in headers


def test_the_page_around_runs_no_script_but_its_own(server: PreviewServer) -> None:
    policy = ask(server, "/")[0].headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy


def test_a_port_that_is_taken_is_told(server: PreviewServer, deck: Path) -> None:
    with pytest.raises(InvalidOption, match=f"port {server.port} cannot be used: .*; name another one"):
        serve(Preview(deck, Pages()), server.port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_told(deck: Path, port: int) -> None:
    with pytest.raises(InvalidOption, match=f"port {port} cannot be used"):
        serve(Preview(deck, Pages()), port)


def test_a_browser_that_goes_away_is_no_fault(server: PreviewServer, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.sendall(f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
    assert ask(server, "/")[0].status == 200
    assert capfd.readouterr().err == ""


# --- in a browser --------------------------------------------------------------------------------


QUESTIONS = "title: Leaves\nitems:\n" + "".join(
    f"- {{type: flashcard, id: {name}, front: front {name}, back: b}}\n" for name in "abc"
)


@pytest.fixture
def study_page(deck: Path, browser: Browser) -> Iterator[Page]:
    """The preview of a deck with three cards, in a window as small as a phone, at the second card."""
    from playwright.sync_api import expect

    deck.write_text(QUESTIONS)
    with serve(Preview(deck)) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.goto(running.url)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Start: Flashcards").click()
        frame.get_by_role("button", name="Skip").click()
        expect(frame.locator(".ask")).to_have_text("front b")
        yield page
        page.close()
        running.shutdown()
        thread.join()


def test_a_deck_that_is_saved_is_shown_at_the_same_place(study_page: Page, deck: Path) -> None:
    from playwright.sync_api import expect

    saved(deck, QUESTIONS.replace("front b", "what is b"))
    expect(study_page.frame_locator("iframe").locator(".ask")).to_have_text("what is b")


def test_a_deck_that_was_broken_is_shown_at_the_same_place(study_page: Page, deck: Path) -> None:
    from playwright.sync_api import expect

    saved(deck, "title: [\n")
    expect(study_page.get_by_role("alert")).to_be_visible()
    saved(deck, QUESTIONS)
    expect(study_page.frame_locator("iframe").locator(".ask")).to_have_text("front b")


def test_what_is_wrong_is_read_on_a_phone_without_scrolling_sideways(study_page: Page, deck: Path) -> None:
    saved(deck, f"{QUESTIONS}  {'wrong ' * 40}\n  {'w' * 200}: 1\n")
    study_page.get_by_role("alert").wait_for()
    study_page.wait_for_load_state()  # its style, too
    assert study_page.evaluate("() => document.querySelector('pre').scrollWidth") <= 360


def test_the_page_follows_the_deck(server: PreviewServer, deck: Path, browser: Browser) -> None:
    from playwright.sync_api import expect

    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(server.url)
    heading = page.frame_locator("iframe").locator("h1")
    expect(heading).to_have_text("Leaves")
    saved(deck, DECK.replace("Leaves", "Roots"))
    expect(heading).to_have_text("Roots")
    saved(deck, DECK + "  bakc: <b>B</b>\n")
    expect(page.get_by_role("alert")).to_contain_text("error[unknown-field]")
    saved(deck, DECK)
    expect(heading).to_have_text("Leaves")
    assert faults == []
    page.close()
