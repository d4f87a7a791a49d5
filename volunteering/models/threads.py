"""Things said one after the other, in a conversation or in a group. Their keys give the order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The longest message, and the longest words about a photo.
MESSAGE_LIMIT = 1000
ALT_LIMIT = 200


class ThreadQuerySet(models.QuerySet):
    def after(self, pk):
        """Newer than this one, oldest first."""
        return self.filter(pk__gt=pk).order_by("pk")

    def before(self, pk):
        """Older than this one, newest first."""
        return self.filter(pk__lt=pk).order_by("-pk")

    def newest_first(self):
        return self.order_by("-pk")

    def since(self, moment):
        return self.filter(created_at__gte=moment)


class ThreadPhoto(models.Model):
    """A photo in something said, drawn anew without the camera's notes. In the database: it has no address of its own,
    goes with its message, and nobody can meet it among public files."""

    content = models.BinaryField(_("content"))
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    alt = models.CharField(_("what the photo shows"), max_length=ALT_LIMIT, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.pk)
