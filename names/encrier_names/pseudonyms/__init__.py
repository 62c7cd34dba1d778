# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line between a pupil and a number: own database, own key, destroyed at closing.

Knows a pupil only by her row id; never a name, a class or a school.
"""
