"""Names of files that come from another system: what every system can write."""

from __future__ import annotations

import re

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)


def on_every_system(name: str) -> str:
    """The name, or one like it where Windows keeps it for a device or leaves out its end."""
    name = name.rstrip(" .")
    return f"_{name}" if _DEVICE.match(name) else name
