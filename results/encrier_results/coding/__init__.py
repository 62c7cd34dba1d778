# SPDX-License-Identifier: AGPL-3.0-or-later
"""From opened sittings to what analysis reads: a code for each item, by a rule kept beside it."""
