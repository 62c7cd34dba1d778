# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what authoring tools export to what the engine reads: QTI 2 made QTI 3."""
