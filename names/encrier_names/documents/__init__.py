# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a school prints beside the code sheets: lists, letters, forms, and all of it at once."""
