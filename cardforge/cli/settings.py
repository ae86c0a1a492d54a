"""What --set says, and to which format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge.diagnostics import InvalidOption, nearest

if TYPE_CHECKING:
    from cardforge.cli.files import Found
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
            raise InvalidOption(f"--set {setting}: {name!r} is not among the targets; {hint}")
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


class Reading:
    """How files are read: by the source that was named, or by their own; with the settings for it."""

    def __init__(self, source: str | None) -> None:
        from cardforge import registry
        from cardforge.plugin import Options

        self.source = source
        readers = [registry.source(source)] if source else registry.sources()
        self.kinds = [type(reader) for reader in readers if isinstance(reader, Options)]
        self._options: Mapping[str, dict[str, str]] = {}

    def named(self, options: Mapping[type[Options], dict[str, str]]) -> Source | None:
        """The source that was named, with the settings for it."""
        from cardforge import registry
        from cardforge.plugin import Options

        source = registry.source(self.source) if self.source else None
        return type(source)(**options[type(source)]) if isinstance(source, Options) else source

    def take(self, options: Mapping[type[Options], dict[str, str]], files: Iterable[Found]) -> None:
        """Keep the settings that are for sources. Raises InvalidOption when no file is read by one that has them."""
        self._options = {kind.name: options[kind] for kind in self.kinds if options[kind]}
        if self._options and not any(self._set_for(file.path) for file in files):
            raise InvalidOption(f"--set for {' and '.join(self._options)}: no file here is in this format")

    def _set_for(self, path: Path) -> dict[str, str]:
        from cardforge import registry

        if not self._options:
            return {}
        source = registry.source(self.source) if self.source else registry.recognised(path)
        return self._options.get(source.name, {}) if source else {}

    def load(self, path: Path) -> Deck:
        """Read a deck; raises as `cardforge.api.load`."""
        from cardforge import api

        return api.load(path, self.source, **self._set_for(path))
