# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items in the real player, for their author alone, on this machine."""
