# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has an account, how each came to have one, and what a head may do about it.

Knows names of staff and their means of signing in; no pupil beyond the labels of classes.
"""
