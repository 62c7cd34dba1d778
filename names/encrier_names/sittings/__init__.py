# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far each sitting is: expected, started, finished. Never an answer."""
