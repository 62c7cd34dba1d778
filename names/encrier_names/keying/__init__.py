# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keying of paper booklets, as far as names has a part in it: the page, the kit, the ring, dates.

Knows who is in a class and what opens the sittings of its pupils; never an answer, which the page
sends to the answers zone and to nobody else. docs/spec/keying.md.
"""
