"""One thread a process, and one profile for property tests: no deadlines, the same examples in every run."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before torch: spinning threads beside a second test process cost a factor of ten

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")
