# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps the zone in order for years: keys that rotate, backups, health."""
