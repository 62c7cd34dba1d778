# SPDX-License-Identifier: AGPL-3.0-or-later
"""A rehearsal of a school day on this machine: pupils that never were, against the real server.

Knows keys that it drew itself and a campaign that nobody sits. Must never be pointed at another
machine: every address is checked to be loopback.
"""
