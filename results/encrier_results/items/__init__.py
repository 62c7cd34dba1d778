# SPDX-License-Identifier: AGPL-3.0-or-later
"""Item analysis: difficulty, discrimination, reliability, options, silences and times."""
