# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether what decides in a test can run: its conditions, its branches, its processing.

Looks at the test alone; its items are checked by themselves.
"""

from collections.abc import Iterable

from encrier_qti.checks.finding import Finding, of_error
from encrier_qti.checks.static_types import wrong_in_test
from encrier_qti.errors import QtiError
from encrier_qti.model import Assessment
from encrier_qti.sessions.plan import plan_of


def check_logic(assessment: Assessment) -> Iterable[Finding]:
    """Give the first thing that cannot be compiled, else all that is of a wrong type."""
    try:
        plan_of(assessment, {})
    except QtiError as error:
        yield of_error("cannot-run", error)
        return
    for wrong in wrong_in_test(assessment):
        yield of_error("cannot-run", wrong)
