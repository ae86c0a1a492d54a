"""Just enough of Protocol Buffers to read what Anki stores in them: the wire format, without schemas.

Source of the format: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator

Value = int | bytes


def fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Each field's number and value, in the message's order: an int for a varint, else its bytes.

    Raises ValueError for what is no message.
    """
    position, end = 0, len(message)
    while position < end:
        key, position = _varint(message, position)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, position = _varint(message, position)
            yield number, value
            continue
        if wire == 2:
            size, position = _varint(message, position)
        elif wire in _FIXED:
            size = _FIXED[wire]
        else:
            raise ValueError(f"wire type {wire}")
        if size > end - position:
            raise ValueError("a field is cut off")
        yield number, message[position : position + size]
        position += size


_FIXED = {1: 8, 5: 4}


def numbers(message: bytes) -> dict[int, int]:
    """The varint fields of a message, the last of each number."""
    return {number: value for number, value in fields(message) if isinstance(value, int)}


def texts(message: bytes) -> dict[int, str]:
    """The text fields of a message, the last of each number."""
    return {number: value.decode(errors="replace") for number, value in fields(message) if isinstance(value, bytes)}


def messages(message: bytes, number: int) -> Iterator[bytes]:
    """The messages that stand in a message under this number."""
    return (value for found, value in fields(message) if found == number and isinstance(value, bytes))


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(message) and shift < 70:
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
    raise ValueError("a number is cut off")
