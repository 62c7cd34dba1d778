# SPDX-License-Identifier: AGPL-3.0-or-later
"""The answers zone: sealed envelopes in, receipts out.

Knows opaque sitting ids, hashes of sign-in secrets and sealed bytes. Must never know a name, a
school, a class, an IP address, an answer in clear, or the key to an item.
"""
