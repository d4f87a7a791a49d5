"""Who is told what about the pages of a site. The words stand in templates/cms/notices."""

from cms.notices import events, newsletter, reviews, services

__all__ = ["events", "newsletter", "reviews", "services"]
