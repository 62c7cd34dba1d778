# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a teacher keys of a paper booklet: its fields, what each is worth, the kit of both."""
