# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists in rows and columns: ONDE's `CSVExtraction.csv`, our template, any sheet with a header."""
