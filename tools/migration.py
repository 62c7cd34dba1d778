# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write the migration of an app of the names zone after its models changed.

python tools/migration.py schools directory
"""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from encrier_names import django_settings, stores
from encrier_names.stores import sqlite

SPDX = "# SPDX-License-Identifier: AGPL-3.0-or-later"


def main(app: str, name: str) -> None:
    """Write it, with our first line in place of Django's, which says when it was made."""
    static = {key: getattr(django_settings, key) for key in dir(django_settings) if key.isupper()}
    databases = sqlite.databases(Path("/nonexistent"))
    settings.configure(**static, DATABASES=databases, SECRET_KEY="-")  # noqa: S106 signs nothing
    django.setup()
    folder = Path(stores.__file__).parents[1] / app / "migrations"
    before = set(folder.glob("*.py"))
    folder.mkdir(exist_ok=True)
    call_command("makemigrations", app, "-n", name, interactive=False)
    for file in set(folder.glob("*.py")) - before:
        _made, *rest = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join([SPDX, *rest]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
