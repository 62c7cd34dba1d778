# SPDX-License-Identifier: AGPL-3.0-or-later
"""A QR code as an SVG drawing: the dark modules of each row, run after run, as one path."""

import re
from math import isqrt
from typing import Final

import zxingcpp

_DARK: Final = re.compile(rb"\0+")


def svg(text: str, *, ink: str) -> str:
    """Draw the QR code of a text, one unit a module, without the quiet zone around it.

    Level M of correction (ISO/IEC 18004): 15 % of it may be dirty or folded.
    """
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = code.to_image(scale=1, add_quiet_zones=False)
    pixels = bytes(memoryview(image))  # type: ignore[arg-type]  # one byte a module, 0 is dark
    size = isqrt(len(pixels))
    rows = (pixels[size * y : size * (y + 1)] for y in range(size))
    runs = "".join(
        f"M{run.start()} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(rows)
        for run in _DARK.finditer(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path stroke="{ink}" d="{runs}"/></svg>'
    )
