# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists that come by night, of a school or of the whole country, without anybody at a page."""
