# SPDX-License-Identifier: AGPL-3.0-or-later
"""Schools, their classes, pupils and staff, and who may see what. No code, no number, no score."""
