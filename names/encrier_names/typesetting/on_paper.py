# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a paper of a school is written: in French, by the school's clock, whoever asks for it.

Also once the request is answered, while the papers of a school still leave.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from encrier_names.schools import hours
from encrier_names.schools.models import School


@contextmanager
def of_school(school: School) -> Iterator[None]:
    """Write days, hours and words as this school reads them."""
    with translation.override("fr"), timezone.override(hours.of_school(school.uai).info):
        yield
