# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens between a pupil and a test: routes, attempts, time, navigation."""
