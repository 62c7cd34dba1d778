# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a rehearsal says afterwards: figures, curves, a page, a section of a document."""
