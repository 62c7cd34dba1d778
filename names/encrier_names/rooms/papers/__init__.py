# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is printed of rooms: doors, receipts, incident notes."""
