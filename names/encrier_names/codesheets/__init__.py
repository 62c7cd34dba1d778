# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validation of a class list, and the sheet of codes that comes of it, on paper."""
