# SPDX-License-Identifier: AGPL-3.0-or-later
"""Participation in numbers, drawn: days, académies, the country. Knows counts, never a pupil."""
