# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in through a provider of OpenID Connect, with the claims that ProConnect gives.

Authorization code, PKCE, state and nonce; tokens are checked by joserfc. We keep no claim: an
identity is a keyed hash of issuer, identity provider and `sub`.
"""
