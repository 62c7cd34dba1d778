# SPDX-License-Identifier: AGPL-3.0-or-later
"""OneRoster 1.2 in CSV: what school software gives outside ONDE and SIECLE."""
