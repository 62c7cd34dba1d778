# SPDX-License-Identifier: AGPL-3.0-or-later
"""What whoever hosts the zone does beside serving: look, measure, copy, put back, end."""
