# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row that is printed shows its id and nothing else
"""Scores by order number, as results sent them. No pupil id, no name, no number in clear."""

from django.db import models

from encrier.wire import Domain
from encrier_names.encryption import Boxed


class TakenSheet(models.Model):
    """One score sheet that was taken: its serial and digest, for the serial rule."""

    serial = models.PositiveBigIntegerField(primary_key=True)  # immutable
    sha256 = models.BinaryField()  # immutable
    taken_at = models.DateTimeField()  # immutable


class StoredDomain(models.Model):
    """A domain of the campaign, as the last sheet defined it."""

    rank = models.PositiveIntegerField(primary_key=True)
    domain_box = models.BinaryField()
    domain = Boxed(Domain, column="domain_box")


class StoredScore(models.Model):
    """The last score row of one order number, under the link key: gone with it, wherever kept."""

    order = models.CharField(max_length=64, primary_key=True)  # blind index of the order number
    row_box = models.BinaryField()  # AES-256-GCM of a ScoreRow, bound to `order`
