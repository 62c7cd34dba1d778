# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the random expressions draw."""

from random import Random

from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame


def drawn(frame: Frame, node: Node) -> float:
    """Draw from [0, 1): from the frame's generator, or by the element's place if it has none.

    The latter gives one answer always the same score.
    """
    if frame.chance is not None:
        return frame.chance.random()
    place = f"{node.file}/{node.line}/{node.name}"
    return Random(place).random()  # noqa: S311  to be repeated, not to be secret
