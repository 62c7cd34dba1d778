# SPDX-License-Identifier: AGPL-3.0-or-later
"""How staff come in: a user name and a password, slowed down after five failures."""
