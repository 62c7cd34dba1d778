# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds when very many come at once: who may start now, and when to ask again.

Nothing here has a clock, a store or a network.
"""
