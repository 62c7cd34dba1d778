# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""The link table. Without the link key no row can be tied to a pupil, a number or another row."""

from django.db import models


class Link(models.Model):
    """One link: three blind indexes (HMAC-SHA256 under the link key, hex) and a sealed box.

    `pupil` is an index of the row id of whoever holds the number: a pupil, or a reserve code.
    """

    pupil = models.CharField(max_length=64, primary_key=True)
    order = models.CharField(max_length=64, unique=True)  # of the order number
    code = models.CharField(max_length=64, unique=True)  # of the code: never given twice
    box = models.BinaryField()  # AES-256-GCM of a Sitting, or of a Drawn, bound to `pupil`
    # A number taken back: `pupil` is then an index of the number itself, and of nobody.
    is_set_aside = models.BooleanField(default=False)
    is_derived = models.BooleanField(default=True)  # False: the box holds no keys yet

    class Meta:  # noqa: D106 it is Django's
        indexes = [
            models.Index(
                fields=["pupil"], condition=models.Q(is_derived=False), name="links_to_derive"
            )
        ]


class Whose(models.Model):
    """The way back from a sitting to its pupil: two blind indexes and a box, `whose`."""

    pupil = models.CharField(max_length=64, primary_key=True)  # of the pupil's row id
    sitting = models.CharField(max_length=64, unique=True)  # of the sitting id
    box = models.BinaryField()  # AES-256-GCM of the pupil's row id, bound to `sitting`
