"""Who is told what about the pages of a site. The words stand in templates/cms/notices."""

from cms.notices import events, reviews, services

__all__ = ["events", "reviews", "services"]
