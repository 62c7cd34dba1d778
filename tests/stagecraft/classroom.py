# SPDX-License-Identifier: AGPL-3.0-or-later
"""A class on the first morning: running zones, slips not used yet, computers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize

from encrier import codes
from encrier.sheets import AnswerSheet
from stage import Slip, Stage
from stagecraft.autumn import Autumn
from stagecraft.computers import a_computer


class Classroom(NamedTuple):
    """A class of 28 on the first morning, with its slips."""

    stage: Stage
    campaign: Autumn
    slips: Iterator[Slip]  # of any class
    browser: Browser
    own_slips: Iterator[Slip] = iter(())  # of the class whose results the teacher reads; a few

    def sheet_of(self, slip: Slip) -> AnswerSheet:
        """The newest sheet of a pupil, as results opens it."""
        stage, manifest = self.stage, self.stage.campaign()
        stage.open_envelopes()
        keys = codes.derive(slip.code, manifest.campaign_id, iterations=manifest.kdf_iterations)
        return stage.sheets()[keys.sid]

    @contextmanager
    def computer(
        self, width: int = 1024, height: int = 768, *, browser: Browser | None = None
    ) -> Iterator[Page]:
        """A computer that nobody has used; what breaks in its page fails the test.

        browser: another than Chromium.
        """
        size: ViewportSize = {"width": width, "height": height}
        with a_computer(browser or self.browser, viewport=size) as page:
            page.context.set_default_timeout(15_000)
            yield page
