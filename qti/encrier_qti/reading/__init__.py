# SPDX-License-Identifier: AGPL-3.0-or-later
"""From bytes of unknown origin to frozen records: archive, XML, item, test, manifest."""
