# SPDX-License-Identifier: AGPL-3.0-or-later
"""French, which everything is written in, and English: which of the two a page is in."""
