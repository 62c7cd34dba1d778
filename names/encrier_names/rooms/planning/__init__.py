# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a school: rooms × seats × half-groups × hours. Pure; knows no name of a pupil."""
