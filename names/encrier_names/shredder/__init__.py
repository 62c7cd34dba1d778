# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is destroyed at closing: the link, its key, the scores."""
