# SPDX-License-Identifier: AGPL-3.0-or-later
"""Item response theory: responses in, item parameters out. Pure computation, no name, no clock."""
