"""What a plugin's class must have, checked when it is found: so that a wrong one is told by its name, and breaks no other.

See docs/plugins.md. What a plugin gives when it is called is checked in `cardforge.plugin_calls`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from inspect import isabstract

from pydantic.fields import FieldInfo

from cardforge.fidelity import Feature, Level, Support
from cardforge.plugin import Exporter, Options

_SUFFIX = re.compile(r"(?:\.[^\s./\\]+)+")


def is_suffix(value: object) -> bool:
    """Whether this is what the name of a file may end in: ``.txt``, ``.canvas.zip``."""
    return isinstance(value, str) and _SUFFIX.fullmatch(value) is not None


def source_mistake(kind: object) -> str:
    """Why this is no source, as the end of a sentence about it; empty, if it is one."""
    if not isinstance(kind, type) or not callable(getattr(kind, "read", None)):
        return "is not a class with a read method"
    return _mistake(kind, _OF_SOURCES) or _without_default(kind)


def exporter_mistake(kind: object) -> str:
    """Why this is no exporter, as the end of a sentence about it; empty, if it is one."""
    if not isinstance(kind, type) or not issubclass(kind, Exporter):
        return "is not a subclass of cardforge.plugin.Exporter"
    if isabstract(kind):
        return "has no write method"
    return _mistake(kind, _OF_EXPORTERS) or _without_default(kind)


def _mistake(kind: type, needed: Mapping[str, tuple[Callable[[object], bool], str]]) -> str:
    for name, (is_right, what) in needed.items():
        if not hasattr(kind, name):
            if name in _OPTIONAL:
                continue
            return f"has no {name}; it must be {what}"
        if not is_right(value := getattr(kind, name)):
            return f"has {name} = {_shown(value)}; it must be {what}"
    return ""


def _without_default(kind: type) -> str:
    """Cardforge makes a format without saying anything, too: to ask it what it takes, or whether a file is its own."""
    fields: Iterable[tuple[str, FieldInfo]] = kind.model_fields.items() if issubclass(kind, Options) else ()
    missing = [name for name, info in fields if info.is_required()]
    return f"has the option {missing[0]!r} without a default; give it one, such as None" if missing else ""


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"


_LONGEST_SHOWN = 60


# --- what each attribute must be -----------------------------------------------------------------


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_suffixes(value: object) -> bool:
    return isinstance(value, tuple) and all(is_suffix(suffix) and suffix == suffix.lower() for suffix in value)


def _are_capabilities(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(feature, Feature) and is_support(support) for feature, support in value.items()
    )


def is_support(value: object) -> bool:
    """Whether this is a `Support` with a level and a text."""
    return isinstance(value, Support) and isinstance(value.level, Level) and isinstance(value.how, str)


_TEXT = (_is_text, "a text")
CAPABILITIES = (_are_capabilities, "a mapping of Feature to NATIVE, adapted(…) or dropped(…)")
_OF_SOURCES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "name": _TEXT,
    "summary": _TEXT,
    "suffixes": (_are_suffixes, "a tuple of texts in lower case that begin with a dot, such as ('.txt',)"),
    "rank": (lambda value: type(value) is int, "a whole number"),
    "recognises": (callable, "a method"),
    "stamp": (callable, "a method"),
}
_OF_EXPORTERS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "name": _TEXT,
    "summary": _TEXT,
    "suffix": (is_suffix, "a text that begins with a dot, such as '.txt'"),
    "capabilities": CAPABILITIES,
    "media_inside": (lambda value: isinstance(value, bool | property), "True or False"),
}
_OPTIONAL = {"rank", "recognises", "stamp"}
