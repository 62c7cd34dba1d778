# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's settings of the names zone."""

SECRET_KEY = "to be replaced"  # noqa: S105
INSTALLED_APPS: list[str] = ["django.contrib.auth", "django.contrib.contenttypes"]
USE_TZ = True
