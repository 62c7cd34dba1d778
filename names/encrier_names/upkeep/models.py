# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""The key of blind indexes, sealed under the field key: when that one rotates, this one stays."""

from django.db import models

from encrier_names.encryption import Boxed


class LookupKey(models.Model):
    """One row. Drawn once, when it is first needed; whoever lacks the field key lacks it too."""

    key_box = models.BinaryField()
    key = Boxed(bytes, column="key_box")  # 32 bytes
