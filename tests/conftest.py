"""Settings of all tests: Hypothesis draws the same examples on every run, and never complains about slow machines."""

from __future__ import annotations

import multiprocessing
import os

from hypothesis import HealthCheck, settings

settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")

# With EXACTSURF_TEST_START_METHOD=spawn the tests show on any machine what happens where processes cannot be forked.
if method := os.environ.get("EXACTSURF_TEST_START_METHOD"):
    multiprocessing.set_start_method(method)
