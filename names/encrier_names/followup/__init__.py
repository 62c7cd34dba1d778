# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far every school is, and what it does next: for its head, its académie, the ministry.

Knows counts, days and ends. Never a name, a number or a code; nothing here tells one pupil.
"""
