# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write docs/permissions.md from the table that the page « Qui voit quoi » shows.

python tools/permissions.py
"""

from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from encrier_names import django_settings

PAGE = Path(__file__).resolve().parents[1] / "docs/permissions.md"
HEAD = """# Who may do what in the names zone

Written by `python tools/permissions.py` from `access/permissions.py`.
The page *Qui voit quoi* shows the same.
Tests hold the table to the views (`tests/unit/names/test_names_permissions.py`).
What a role may not do answers as a page that does not exist.

"""


def content() -> str:
    """What the page should hold; in French, as users read it."""
    from encrier_names.access.permissions import as_markdown  # noqa: PLC0415 once Django is set up

    with override("fr"):
        return HEAD + as_markdown() + "\n"


def main() -> None:
    """Write it."""
    import django  # noqa: PLC0415

    static = {key: getattr(django_settings, key) for key in dir(django_settings) if key.isupper()}
    settings.configure(**static, SECRET_KEY="-")  # noqa: S106 signs nothing
    django.setup()
    PAGE.write_text(content(), encoding="utf-8")


if __name__ == "__main__":
    main()
