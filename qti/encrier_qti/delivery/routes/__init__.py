# SPDX-License-Identifier: AGPL-3.0-or-later
"""Routes that depend on scores, as tables that a player without a key can follow."""
