"""Convert every YAML deck below a folder to Anki and CSV.

    python convert_folder.py DECKS OUT

Prints what each target cannot hold. A deck that fails is reported and does not stop the others; the exit code is then 1.
"""

import sys
from pathlib import Path

from cardforge import InvalidDeck, OutputRefused, load, write

SUFFIXES = {"anki": ".apkg", "csv": ".csv"}


def convert(folder: Path, out: Path) -> int:
    """Convert what is in ``folder`` to the same place below ``out``, and say how many decks failed."""
    failed = 0
    for path in sorted(folder.rglob("*.yaml")):
        try:
            deck = load(path)
            for target, suffix in SUFFIXES.items():
                written = write(deck, target, out / path.relative_to(folder).with_suffix(suffix))
                print(f"{path} -> {written.path}")
                for told in (*written.losses, *written.notices):
                    print(f"  {told}")
        except (InvalidDeck, OutputRefused) as error:
            print(f"{path} failed:\n{error}", file=sys.stderr)
            failed += 1
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(1 if convert(Path(sys.argv[1]), Path(sys.argv[2])) else 0)
