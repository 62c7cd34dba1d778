# SPDX-License-Identifier: AGPL-3.0-or-later
"""A class list on its way in: file, what was understood, confirmation. Keeps no file."""
