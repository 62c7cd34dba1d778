# SPDX-License-Identifier: AGPL-3.0-or-later
"""A clock of a server of answers that a test sets while it runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

HOUR: Final = timedelta(hours=1)


class Clock:
    """A server's clock, which a file sets."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump(0)
        self.before = f"""
from datetime import timedelta
from pathlib import Path
from encrier import clock
from encrier_answers import app, keeper
def wrong():
    return clock.now() + timedelta(hours=float(Path({str(file)!r}).read_text()))
app.App.__init__.__defaults__ = keeper.Keeper.__init__.__defaults__ = (wrong,)
"""

    def jump(self, hours: float) -> None:
        self._hours = hours
        self._file.write_text(str(hours))

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self._hours * HOUR
