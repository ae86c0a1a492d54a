"""The options of a format: what is wrong with those that were given, in words for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from cardforge.diagnostics import CardforgeError, InvalidOption, Problem, nearest
from cardforge.plugin import Options
from cardforge.plugin_calls import fault_of, named


def option_problems(kind: type[Options], options: Mapping[str, Any]) -> Sequence[Problem]:
    """What is wrong with options for an exporter or a source; ``at`` is the option's name."""
    try:
        with fault_of(
            f"{named(kind)} fails at looking at its options, which is not your fault", ValidationError, CardforgeError
        ):
            kind(**options)
    except ValidationError as error:
        # A union says what is wrong for each of its types: the first is enough.
        first = {str((d["loc"] or ("",))[0]): d for d in reversed(error.errors())}
        return [_problem(kind, name, d["type"], d["msg"]) for name, d in first.items()]
    return ()


def checked(kind: type[Options], options: Mapping[str, Any]) -> None:
    """Raises InvalidOption that says everything that is wrong with options, and nothing if nothing is."""
    if wrong := option_problems(kind, options):
        raise InvalidOption("; ".join(f"{kind.name}: {p.message}; {p.fix}" for p in wrong))


def _problem(kind: type[Options], name: str, error: str, message: str) -> Problem:
    known = list(kind.model_fields)
    if error == "extra_forbidden":
        guess = nearest(name, known)
        fix = f"did you mean {guess}?" if guess else "it has " + (", ".join(known) or "no options")
        return Problem("unknown-option", f"{kind.name} has no option {name!r}", fix, (name,), on_key=True)
    fix = message.removeprefix("Value error, ").replace("Input should be", "it should be", 1)
    if error in ("int_parsing", "int_from_float"):
        fix = "write a whole number"
    elif error.endswith(("_parsing", "_type", "_error")) and error != "value_error":
        words = {"NUMBER": "a number", "TEXT": "a text"}
        fix = "write " + " or ".join(words.get(value, value) for value in kind.option_values(name))
    return Problem("wrong-option", f"the option {name!r} has a wrong value", fix, (name,))
