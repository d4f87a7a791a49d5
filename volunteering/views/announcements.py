"""What the centre wrote, for those whom it told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from volunteering.models import Announcement
from volunteering.notices.announcements import preview


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    announcement = get_object_or_404(Announcement.objects.told_to(request.user).with_subjects(), pk=pk)
    context = {"announcement": announcement, "words": preview(announcement)}
    return render(request, "volunteering/announcements/detail.html", context)
