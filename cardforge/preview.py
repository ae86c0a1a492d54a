"""`cardforge preview`: a deck's study page, served to this computer only, that keeps up while the deck is edited.

    /             a page around the study page: what is wrong with the deck, and a script that reloads when it changes
    /page         the study page, as the exporter made it
    /version      a text that changes when either of them does
    /preview.js   the script, and /preview.css the looks, of the page around

The study page allows no script but its own, so the one that reloads stands in a page around it.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path, PurePosixPath
from socketserver import ThreadingTCPServer
from threading import Lock
from types import MappingProxyType
from typing import Any

from cardforge import api
from cardforge.diagnostics import MOST_SHOWN, CardforgeError, InvalidOption, report
from cardforge.plugin import Exporter


@dataclass(frozen=True, slots=True)
class View:
    """A deck as it can be shown now: ``page`` is None while it is broken, and ``told`` says why.

    Of a deck that is in order, ``told`` has the warnings, and what the page does not hold.
    """

    page: bytes | None
    told: str = ""

    @property
    def version(self) -> str:
        """Equal for equal views."""
        digest = hashlib.sha256(b"broken" if self.page is None else b"whole" + self.page)
        digest.update(_encoded(self.told))
        return digest.hexdigest()[:16]


class Preview:
    """Makes a deck's view, and makes it anew when the deck or one of its media was saved."""

    def __init__(
        self,
        path: Path | str,
        to: str | Exporter = "html",
        *,
        source: str | None = None,
        source_options: Mapping[str, Any] = MappingProxyType({}),
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.path = Path(path)
        self._to, self._source, self._options = to, source, options
        self._source_options = source_options
        self._stamps: Mapping[Path, object] = {}
        self._view: View | None = None
        self._again_at = 0.0
        self._lock = Lock()

    def view(self) -> View:
        """The deck as it is now. Nothing is raised: every mistake is told in the view."""
        with self._lock:
            if self._view is None or self._is_outdated(self._view):
                began = time.monotonic()
                self._view = self._made()
                # While the deck is broken, a tenth of the time at most goes into trying again.
                self._again_at = time.monotonic() + 9 * (time.monotonic() - began)
            return self._view

    def _is_outdated(self, view: View) -> bool:
        # What mends a broken deck may be a file that it names, and which these are is not known.
        if view.page is None and time.monotonic() >= self._again_at:
            return True
        return any(_stamp(file) != stamp for file, stamp in self._stamps.items())

    def _made(self) -> View:
        # Before the files are read: one that is saved meanwhile is then seen to differ.
        stamps = {self.path: _stamp(self.path)}
        self._stamps = stamps
        try:
            deck = api.load(self.path, self._source, **self._source_options)
            media = (self.path.parent.joinpath(*PurePosixPath(name).parts) for name in api.media_paths(deck))
            stamps |= {file: _stamp(file) for file in media}
            made = api.export(deck, self._to, **self._options)
        except CardforgeError as error:
            return View(None, str(error))
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way, and the preview goes on
            fault = f"{type(error).__name__}: {error}"
            return View(None, f"{self.path}: this is a fault of cardforge or of a plugin, not yours: {fault}")
        return View(made.data, _told(report(deck.origin.warnings), (*made.losses, *made.notices)))


def _told(warnings: str, others: Sequence[object]) -> str:
    lines = [warnings] if warnings else []
    lines += map(str, others[:MOST_SHOWN])
    if len(others) > MOST_SHOWN:
        lines.append(f"… and {len(others) - MOST_SHOWN:,} more")
    return "\n".join(lines)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """A value that changes when the file is saved; None while it is not there."""
    try:
        stat = file.stat()
    except (OSError, ValueError):
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


# --- the page around -----------------------------------------------------------------------------


def _encoded(text: str) -> bytes:
    """The name of a file need not be text."""
    return text.encode(errors="backslashreplace")


def wrapper(view: View, name: str) -> str:
    """The page around the study page of the deck called ``name``: what is told of it, as the terminal prints it."""
    told = f'<pre tabindex="0">{escape(view.told)}</pre>'
    if view.page is None:
        body = f'<main role="alert"><h1>{escape(name)} cannot be shown</h1>{told}</main>'
    else:
        notes = f"<details><summary>What to know of this deck</summary>{told}</details>" if view.told else ""
        body = f'{notes}<iframe title="The study page of {escape(name)}"></iframe>'
    return f"""<!DOCTYPE html>
<html lang="en" data-version="{view.version}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Preview of {escape(name)}</title>
<link rel="stylesheet" href="/preview.css">
<script src="/preview.js" defer></script>
</head>
<body>
<p id="stopped" role="status" hidden>The preview has stopped; this page no longer follows the deck.</p>
{body}
</body>
</html>
"""


_SCRIPT = """\
"use strict";
const version = document.documentElement.dataset.version;
const stopped = document.getElementById("stopped");
const frame = document.querySelector("iframe");

// The study page keeps in its address where the learner is. This page's address keeps it too, so that it outlives a
// reload, and the time in which the deck is broken.
if (frame) frame.src = "/page" + location.hash;

function keepPlace() {
  if (!frame) return;
  try {
    history.replaceState(null, "", location.pathname + location.search + frame.contentWindow.location.hash);
  } catch {
    // A link has led the frame to another site.
  }
}

async function follow() {
  try {
    const answer = await fetch("/version", { cache: "no-store" });
    stopped.hidden = true;
    if (answer.ok && (await answer.text()) !== version) {
      keepPlace();
      location.reload();
      return;
    }
  } catch {
    stopped.hidden = false;
  }
  setTimeout(follow, 500);
}

follow();
"""

_STYLE = """\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; }
main, details, #stopped { margin: 0; padding: 0.75rem 1rem; }
h1 { font-size: 1.25rem; margin: 0 0 0.5rem; }
pre { margin: 0; font: 0.875rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
details pre { max-height: 40vh; overflow-y: auto; }
details, #stopped { border-bottom: 1px solid GrayText; }
iframe { border: 0; flex: 1; min-height: 0; width: 100%; }
"""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


# --- the server ----------------------------------------------------------------------------------


def serve(preview: Preview, port: int = 0) -> PreviewServer:
    """A server on 127.0.0.1, at a free port unless one is named; ``with server: server.serve_forever()`` runs it.

    Raises InvalidOption when the port cannot be had.
    """
    try:
        return PreviewServer(preview, port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidOption(f"port {port} cannot be used: {reason}; name another one, or none for a free one") from None


class PreviewServer(ThreadingTCPServer):
    """Answers this computer's own browsers, and nobody else."""

    allow_reuse_address = sys.platform != "win32"  # there, it would share the port with another program
    daemon_threads = True

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}/"

    def is_own_host(self, name: str) -> bool:
        """Whether a request's ``Host`` is this server: a page elsewhere may have a name that leads to 127.0.0.1."""
        host, _, port = name.partition(":")
        return host.lower() in ("127.0.0.1", "localhost") and (port or "80") == str(self.port)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away while it is answered is no fault."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, and exactly the paths that there are: nothing leads to a file."""

    server: PreviewServer  # pyright: ignore[reportIncompatibleVariableOverride]
    server_version = "cardforge"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not self.server.is_own_host(hosts[0]):
            self.send_error(HTTPStatus.FORBIDDEN, "This preview answers its own computer only")
            return
        match self.path.partition("?")[0]:
            case "/":
                view = self.server.preview.view()
                page = wrapper(view, self.server.preview.path.name)
                self._answer(_encoded(page), "text/html", {"Content-Security-Policy": _POLICY})
            case "/page" if (made := self.server.preview.view().page) is not None:
                self._answer(made, "text/html", {"X-Frame-Options": "SAMEORIGIN"})
            case "/version":
                self._answer(self.server.preview.view().version.encode(), "text/plain")
            case "/preview.js":
                self._answer(_SCRIPT.encode(), "text/javascript")
            case "/preview.css":
                self._answer(_STYLE.encode(), "text/css")
            case _:
                self.send_error(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET

    def _answer(self, body: bytes, kind: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.send_response(HTTPStatus.OK)
        own = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        for name, value in (own | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""
