# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a point is in an area of a picture. QTI 3.0 ASI information model, "Shape" and "Coords".

Pixels from the top left corner. The border belongs to a rectangle and to a
polygon, not to a circle nor an ellipse: the specification is silent, so as
TAO's engine has it.
"""

from math import isfinite
from typing import Final

from encrier_qti.model import Area
from encrier_qti.values import Scalar

_LEAST: Final = {"circle": 3, "rect": 4, "ellipse": 4, "poly": 6}


def coordinates(shape: str, written: str) -> tuple[float, ...] | None:
    """Read coordinates, numbers between commas; None if they do not suit the shape.

    The shape `default` is the whole picture: as in HTML, its coordinates are not looked at.
    """
    if shape == "default":
        return ()
    try:
        found = tuple(float(part) for part in written.split(",")) if written.strip() else ()
    except ValueError:
        return None
    odd = shape == "poly" and len(found) % 2
    if shape not in _LEAST or len(found) < _LEAST[shape] or odd or not all(map(isfinite, found)):
        return None
    return found


def inside(area: Area, point: Scalar) -> bool:
    """Tell whether a point is in an area; anything but a point is in none."""
    if not isinstance(point, tuple):
        return False
    x, y = float(point[0]), float(point[1])
    match area.shape:
        case "rect":
            left, top, right, bottom = area.coords[:4]
            return left <= x <= right and top <= y <= bottom
        case "circle":
            cx, cy, radius = area.coords[:3]
            return (x - cx) ** 2 + (y - cy) ** 2 < radius**2
        case "ellipse":
            return _in_ellipse(area.coords, x, y)
        case "poly":
            return _in_polygon(area.coords, x, y)
        case _:
            return area.shape == "default"


def _in_ellipse(coords: tuple[float, ...], x: float, y: float) -> bool:
    cx, cy, across, down = coords[:4]
    if across <= 0 or down <= 0:
        return False
    return ((x - cx) / across) ** 2 + ((y - cy) / down) ** 2 < 1


def _in_polygon(coords: tuple[float, ...], x: float, y: float) -> bool:
    """Count the sides that a ray to the right crosses (even-odd rule); on a side is inside."""
    corners = list(zip(coords[::2], coords[1::2], strict=True))
    crossed = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if cross == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed
