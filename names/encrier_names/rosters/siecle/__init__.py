# SPDX-License-Identifier: AGPL-3.0-or-later
"""SIECLE, the ministry's register of the second degree: its `ElevesSansAdresses.xml`."""
