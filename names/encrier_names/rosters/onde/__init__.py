# SPDX-License-Identifier: AGPL-3.0-or-later
"""ONDE, the ministry's register of the first degree: its `CSVExtraction.csv`."""
