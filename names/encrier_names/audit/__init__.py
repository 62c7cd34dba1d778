# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who read whose results, and when. Rows are added, never changed; holds no name and no score."""
