"""The real settings, and words for the news that chaos tells."""

from pathlib import Path

from config.settings import *  # noqa: F403 -- the real ones are the point
from config.settings import TEMPLATES

TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
