"""One workflow for the whole installation; who approves is decided by the site that the words belong to."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django_scopes import get_scope
from wagtail.models import Page, Task, TaskState

from cms.models.teams import EditorialTeam
from cms.trees import pages_of
from volunteering.models import Initiative


class SiteApprovalTask(Task):
    """Approved by the editors of the site that a page or an initiative belongs to. Wagtail knows one workflow per
    type for all sites; its own task would ask one group for all of them."""

    class Meta:
        verbose_name = _("approval by the editors of the site")
        verbose_name_plural = _("approvals by the editors of the site")

    @classmethod
    def get_description(cls):
        return _("The editors of the site that the words belong to approve them.")

    def may_approve(self, thing, user):
        return user.is_superuser or EditorialTeam.objects.responsible_for(thing).with_member(user).exists()

    def user_can_access_editor(self, obj, user):
        return self.may_approve(obj, user)

    def locked_for_user(self, obj, user):
        return not self.may_approve(obj, user)

    def user_can_lock(self, obj, user):
        return self.may_approve(obj, user)

    def get_actions(self, obj, user):
        if not self.may_approve(obj, user):
            return []
        return [
            ("reject", _("Ask for changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def get_task_states_user_can_moderate(self, user, **kwargs):
        """What waits for this person: pages of the sites that they edit, and initiatives of the gmina whose host they
        are on. The portal has no initiatives."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return waiting.filter(_about(Page, _pages_edited_by(user)) | _about(Initiative, _initiatives_edited_by(user)))


def _pages_edited_by(user):
    if user.is_superuser:
        return Page.objects.all()
    pages = Page.objects.none()
    for team in EditorialTeam.objects.with_member(user).with_parts():
        pages |= pages_of(team.site)
    return pages


def _initiatives_edited_by(user):
    municipality = get_scope().get("municipality")
    if municipality is None:
        return None
    here = EditorialTeam.objects.filter(site=municipality.site_id)
    return Initiative.objects.all() if user.is_superuser or here.with_member(user).exists() else None


def _about(model, things):
    """Task states whose subject is one of `things`. Their keys are kept as text there."""
    if things is None:
        return Q(pk__in=[])
    return Q(
        workflow_state__base_content_type=ContentType.objects.get_for_model(model),
        workflow_state__object_id__in=things.annotate(key=Cast("pk", CharField())).order_by().values("key"),
    )
