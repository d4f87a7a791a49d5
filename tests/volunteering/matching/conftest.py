"""Properties are checked without a clock: these machines are shared, and slow is not wrong."""

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
