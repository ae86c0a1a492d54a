"""What --set says, and to which format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge.diagnostics import InvalidOption, UnknownFormat, nearest

if TYPE_CHECKING:
    from cardforge.model import Deck
    from cardforge.plugin import Options, Source


def options_of(kinds: Sequence[type[Options]], settings: Iterable[str]) -> dict[type[Options], dict[str, str]]:
    """The settings that each format gets. A wrong one is wrong usage, found before anything is read."""
    from cardforge import api
    from cardforge.plugin import Exporter

    options: dict[type[Options], dict[str, str]] = {kind: {} for kind in kinds}
    names = list(dict.fromkeys(kind.name for kind in kinds))
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise InvalidOption(f"--set takes KEY=VALUE, and this is {setting!r}")
        name, dot, option = key.rpartition(".")
        if dot and name not in names:
            guess = nearest(name, names)
            hint = f"did you mean {guess}?" if guess else f"they are {', '.join(names)}"
            raise InvalidOption(f"--set {setting}: {name!r} is not among the formats here; {hint}")
        asked = [kind for kind in kinds if not dot or kind.name == name]
        takers = [kind for kind in asked if option in kind.model_fields]
        if not takers:
            # What a source takes is no news to a person who exports something else.
            asked = [kind for kind in asked if issubclass(kind, Exporter)] or asked
            known = sorted({known for kind in asked for known in kind.model_fields})
            guess = nearest(option, known)
            hint = f"did you mean {guess!r}?" if guess else "known: " + (", ".join(known) or "none")
            shown = " and ".join(dict.fromkeys(kind.name for kind in asked))
            raise InvalidOption(f"--set {setting}: {shown} has no option {option!r}; {hint}")
        for kind in takers:
            options[kind][option] = value
    for kind in kinds:
        if wrong := api.option_problems(kind, options[kind]):
            raise InvalidOption(f"--set for {kind.name}: " + "; ".join(f"{p.message}: {p.fix}" for p in wrong))
    return options


def kinds_of_sources(source: str | None) -> list[type[Options]]:
    """The sources that have options: the one that was named, or all."""
    from cardforge import registry
    from cardforge.plugin import Options

    readers = [registry.source(source)] if source else registry.sources()
    return [type(reader) for reader in readers if isinstance(reader, Options)]


class Reading:
    """How files are read: by the source that was named, or by their own; with the settings for it.

    ``options`` is what `options_of` gives, targets and all.
    """

    def __init__(self, source: str | None, options: Mapping[type[Options], dict[str, str]] | None = None) -> None:
        self._named = source
        known = options or {}
        self._options = {kind.name: known[kind] for kind in kinds_of_sources(source) if known.get(kind)}

    def suffixes(self) -> tuple[str, ...]:
        """The suffixes of the files that can be read."""
        from cardforge import registry

        return registry.source(self._named).suffixes if self._named else registry.suffixes()

    def recognised(self, path: Path) -> Source | None:
        """The source that takes a file of a folder for its own, with the settings for it; or None."""
        from cardforge import registry

        return registry.recognised(path, self._set_up(self._named) if self._named else None, self._set_up)

    def _set_up(self, name: str) -> Source:
        from cardforge import registry

        source = registry.source(name)
        return type(source)(**self._options[name]) if name in self._options else source

    def check(self, files: Iterable[Path]) -> None:
        """Raises InvalidOption when there are settings for sources, and none of the files is read by one of these.

        Of a file that nothing tells the format of, `load` will say so.
        """
        if self._options and not any((name := self._name_for(file)) is None or name in self._options for file in files):
            raise InvalidOption(f"--set for {' and '.join(self._options)}: no file here is in this format")

    def _name_for(self, path: Path) -> str | None:
        """The name of the source that `load` takes for a file; None where it will find none."""
        from cardforge import registry

        try:
            return self._named or registry.source_for(path).name
        except UnknownFormat:
            return None

    def settings_for(self, path: Path) -> dict[str, str]:
        """The settings for the source of this file."""
        return self._options.get(self._name_for(path) or "", {}) if self._options else {}

    def load(self, path: Path) -> Deck:
        """Read a deck; raises as `cardforge.api.load`."""
        from cardforge import api

        return api.load(path, self._named, **self.settings_for(path))
