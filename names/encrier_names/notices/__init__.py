# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages of the ministry and the académies to schools. Plain text about work, never a pupil."""
