# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all processing shares: frames, closures, common forms, shapes."""
