# SPDX-License-Identifier: AGPL-3.0-or-later
"""What templates ask of keying: `{{ division|keying_for:staff }}`, and whether a class is keyed.

Tools read the templates without Django: what needs its models is imported when it is asked for.
"""

from typing import TYPE_CHECKING, Final

from django.template import Library

if TYPE_CHECKING:
    from encrier_names.keying.offers import Offer
    from encrier_names.schools.models import Division, Staff

register: Final = Library()


@register.filter
def keying_for(division: "Division", staff: "Staff") -> "Offer | None":
    """What is said of the keying of a class to who reads the page; None: nobody is keyed."""
    from encrier_names.keying import offers  # noqa: PLC0415 not before Django is set up

    return offers.of([division], staff).get(division.id)
