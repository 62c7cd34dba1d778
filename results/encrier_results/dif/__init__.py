# SPDX-License-Identifier: AGPL-3.0-or-later
"""Differential item functioning: items harder for one group than for another of equal ability."""
