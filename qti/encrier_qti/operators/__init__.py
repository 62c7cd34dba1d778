# SPDX-License-Identifier: AGPL-3.0-or-later
"""Custom operators that are known here, by the class that names them in an item."""
