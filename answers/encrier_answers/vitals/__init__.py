# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the zone does, in numbers: counts of events, never who they were about."""
