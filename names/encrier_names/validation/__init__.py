# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head declares of a list, and what follows of it: numbers, codes, reserves, keys."""
