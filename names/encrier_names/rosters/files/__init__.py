# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files as bytes: what they are, what is packed in them, what text they hold."""
