"""What the command line says, to a person and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from cardforge.diagnostics import MOST_SHOWN, Diagnostic, Span

if TYPE_CHECKING:
    from cardforge.fidelity import Loss
    from cardforge.model import Deck


def say(text: str, error: bool = False) -> None:
    """Print. Standard output has what was done; standard error what a person should read."""
    typer.echo(text, err=error)


def few(names: Sequence[str], count: int | None = None) -> str:
    """A few of these names, and how many more there are; ``count`` is how many there are in all, if that is not
    how many are given."""
    shown = names[:FEW]
    more = (len(names) if count is None else count) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


FEW = 5
"""As many names are told of files that have something in common."""


def say_losses(source: str, target: str, losses: Sequence[Loss]) -> None:
    """A heading for each feature and, below it, the items that are affected: what is dropped comes first."""
    groups: dict[tuple[str, str], list[Loss]] = {}
    for level in ("dropped", "adapted"):
        for loss in losses:
            if loss.level.value == level:
                groups.setdefault((level, loss.feature.value), []).append(loss)
    if not groups:
        return
    counts = Counter(loss.level.value for loss in losses)
    told = " and ".join(f"{counts[level]:,} {level}" for level in ("dropped", "adapted") if counts[level])
    say(f"{source} -> {target}: not everything is held as it is: {told}", error=True)
    shares = _shares([len(group) for group in groups.values()], MOST_SHOWN)
    for ((level, feature), group), share in zip(groups.items(), shares, strict=True):
        explanations = {loss.how for loss in group}
        common = explanations.pop() if len(explanations) == 1 else ""
        times = f", {len(group):,} times" if len(group) > 1 else ""
        say(f"  {level}{times}: {feature}" + (f" ({common})" if common else ""), error=True)
        for loss in group[:share]:
            words = (str(loss.span or ""), loss.item, loss.how if loss.how != common else "")
            say("    " + ": ".join(filter(None, words)), error=True)
        if share < len(group):
            say(f"    … and {len(group) - share:,} more", error=True)
    if len(losses) > MOST_SHOWN:
        say("  cardforge export --report FILE writes down every one", error=True)


def counted(deck: Deck, losses: Sequence[Loss] = ()) -> str:
    """How many items a deck has, and how many of its file are not in it. Of an export with these ``losses``, how many
    items are in that.
    """
    from cardforge.model import KINDS

    count = sum(1 for _ in deck.entries())
    aside = sum(diagnostic.code == "kept-aside" for diagnostic in deck.origin.warnings)
    # An item whose kind does not arrive is not there.
    left_out = len({loss.item for loss in losses if loss.item and loss.level == "dropped" and loss.feature in KINDS})
    held = f"{count - left_out:,} of " if left_out else ""
    return f"{held}{count:,} item{'s' if count != 1 else ''}" + (f", {aside:,} kept aside" if aside else "")


def _shares(sizes: Sequence[int], most: int) -> list[int]:
    """How many of each group to show, so that a large group takes no room from the small ones."""
    shares = [0] * len(sizes)
    for place, index in enumerate(sorted(range(len(sizes)), key=lambda i: sizes[i])):
        shares[index] = min(sizes[index], most // (len(sizes) - place))
        most -= shares[index]
    return shares


def internal_message(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "there is not enough memory for this file"
    return f"this is a fault of cardforge or of a plugin, not yours: {type(error).__name__}: {error}"


def fail(message: str, code: int) -> NoReturn:
    say(message, error=True)
    raise SystemExit(code)


def span_data(span: Span | None) -> dict[str, Any] | None:
    return {"path": span.path, "line": span.line, "column": span.column} if span else None


def diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "fix": diagnostic.fix,
        "subject": diagnostic.subject or None,
        "span": span_data(diagnostic.span),
    }


def loss_data(loss: Loss) -> dict[str, Any]:
    return {
        "feature": loss.feature.value,
        "level": loss.level.value,
        "how": loss.how,
        "item": loss.item or None,
        "span": span_data(loss.span),
    }
