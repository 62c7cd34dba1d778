# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rooms and sessions: who sits where and when, how it goes, and what is declared at the end."""
