# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recorded cases: what another engine answered, run again here and compared."""
