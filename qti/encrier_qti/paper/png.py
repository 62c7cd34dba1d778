# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page as a small PNG: the same picture in sixteen greys, a tenth of the size.

Reads only what our typesetter writes: eight bits a channel, colours or not, not interlaced.
W3C, *Portable Network Graphics*, second edition (2003), sections 9, 11 and 12.
"""

import struct
import zlib
from collections.abc import Iterator
from itertools import accumulate
from operator import or_
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHANNELS: Final = {0: 1, 2: 3, 4: 2, 6: 4}  # by colour type
_COLOURS: Final = 3
_GREY, _FOUR_BITS, _EIGHT_BITS = 0, 4, 8
_HIGH: Final = bytes(round(value / 17) << 4 for value in range(256))
_LOW: Final = bytes(round(value / 17) for value in range(256))


def smaller(png: bytes) -> bytes:
    """Give a PNG of the same pixels in sixteen greys; what is transparent is as it is painted.

    Raises ValueError for one that no typesetter of ours writes.
    """
    width, height, n_channels, packed = _read(png)
    pixels = zlib.decompress(packed)
    size = width * n_channels + 1
    lines = [pixels[at : at + size] for at in range(0, size * height, size)]
    made = bytearray()
    for grey in _greys(lines, n_channels):
        left, right = grey[0::2].translate(_HIGH), grey[1::2].translate(_LOW)
        made.append(0)  # no filter: white runs pack best as they are
        made += bytes(map(or_, left, right + b"\0" * (len(left) - len(right))))
    head = struct.pack(">IIBBBBB", width, height, _FOUR_BITS, _GREY, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(made), 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _read(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, channels and packed pixels."""
    if not png.startswith(_SIGNATURE):
        raise ValueError
    at, packed, head = len(_SIGNATURE), b"", b""
    while at + 12 <= len(png):
        size, name = struct.unpack_from(">I4s", png, at)
        content = png[at + 8 : at + 8 + size]
        head = content if name == b"IHDR" else head
        packed += content if name == b"IDAT" else b""
        at += 12 + size
    width, height, depth, colours, _packing, _filter, interlaced = struct.unpack(">IIBBBBB", head)
    if depth != _EIGHT_BITS or colours not in _CHANNELS or interlaced:
        raise ValueError
    return width, height, _CHANNELS[colours], packed


def _greys(lines: list[bytes], n_channels: int) -> Iterator[bytes]:
    """The greys of each row. A line is a filter and a row of pixels."""
    has_colours = n_channels >= _COLOURS
    each = [_channel(lines, at, n_channels) for at in range(_COLOURS if has_colours else 1)]
    if not has_colours or each[0] == each[1] == each[2]:  # filters work by channel: so do greys
        yield from _rows(each[0])
        return
    for red, green, blue in zip(*map(_rows, each), strict=True):
        every = zip(red, green, blue, strict=True)
        yield bytes((54 * r + 183 * g + 19 * b) >> 8 for r, g, b in every)  # ITU-R BT.709


def _channel(lines: list[bytes], at: int, step: int) -> list[tuple[int, bytes]]:
    return [(line[0], line[1 + at :: step]) for line in lines]


def _rows(channel: list[tuple[int, bytes]]) -> Iterator[bytes]:
    """Undo the filters of one channel (section 9)."""
    above = bytes(len(channel[0][1])) if channel else b""
    for kind, row in channel:
        above = _UNFILTERED[kind](row, above)
        yield above


def _by_left(row: bytes, _above: bytes) -> bytes:
    sums: Iterator[int] = accumulate(row, _sum)
    return bytes(sums)


def _by_above(row: bytes, above: bytes) -> bytes:
    return bytes(map(_sum, row, above)) if any(row) else above


def _by_mean(row: bytes, above: bytes) -> bytes:
    made, left = bytearray(), 0
    for value, up in zip(row, above, strict=True):
        left = (value + (left + up) // 2) & 0xFF
        made.append(left)
    return bytes(made)


def _by_nearest(row: bytes, above: bytes) -> bytes:
    """Paeth's predictor (section 9.4)."""
    made, left, corner = bytearray(), 0, 0
    for value, up in zip(row, above, strict=True):
        if left == up == corner:  # white beside white
            guess = left
        else:
            by_left, by_up = abs(up - corner), abs(left - corner)
            by_corner = abs(left + up - 2 * corner)
            nearest = left if by_left <= by_up else up
            guess = nearest if min(by_left, by_up) <= by_corner else corner
        left, corner = (value + guess) & 0xFF, up
        made.append(left)
    return bytes(made)


def _sum(first: int, second: int) -> int:
    return (first + second) & 0xFF


_UNFILTERED: Final = (lambda row, _above: row, _by_left, _by_above, _by_mean, _by_nearest)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
