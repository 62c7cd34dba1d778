# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage on ports of its own, before whose answers zone a relay writes all down."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operators import free_port
from stage import Stage
from stagecraft.wiretap import Wiretap


@contextmanager
def tapped(folder: Path) -> Iterator[tuple[Stage, Path]]:
    """The stage, on which nothing runs yet, and the record; all ends with it."""
    record = folder / "wire.bin"
    with Wiretap(0, record) as tap:
        stage = Stage(
            folder / "zones",
            names_port=free_port(0),
            answers_port=free_port(0),
            public_port=tap.port,
        )
        tap.aim(stage.answers_port)
        try:
            yield stage, record
        finally:
            stage.stop()
