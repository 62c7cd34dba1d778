# SPDX-License-Identifier: AGPL-3.0-or-later
"""The campaign as people live it: what is open now, what opens or closes next."""
