# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names and scores side by side, in memory, for those who may see them, until closing."""
