# SPDX-License-Identifier: AGPL-3.0-or-later
"""The results zone: opens envelopes, scores, calibrates, publishes. Knows no name, has no port."""

import os

# Products of matrices are small here: shared between processors they wait for one another, and a
# calibration takes four times as long on a busy machine. Read by numpy when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
