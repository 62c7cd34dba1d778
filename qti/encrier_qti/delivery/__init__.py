# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil's browser gets: items stripped of every key, and the index that lists them."""
