# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors of the names zone: admission lists out, progress in, register out, scores in.

What leaves holds numbers, keys and declared background; never a name, a date of birth, an INE
or a UAI.
"""
