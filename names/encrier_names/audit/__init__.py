# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who read or changed whose name or results, and when.

Rows are added, never changed; they hold no name and no score.
"""
