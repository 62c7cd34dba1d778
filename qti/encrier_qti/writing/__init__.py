# SPDX-License-Identifier: AGPL-3.0-or-later
"""What leaves in QTI's own forms: packages and result reports."""
