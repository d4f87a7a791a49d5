"""People in Wagtail, for platform superusers only: roles of centres are given at the desk."""

from wagtail.users.views import users

from cms.forms import PersonCreationForm, PersonEditForm


class IndexView(users.IndexView):
    search_fields = ("email", "display_name")

    def order_queryset(self, queryset):
        by_name = {"name": "display_name", "-name": "-display_name"}
        return (
            queryset.order_by(by_name[self.ordering]) if self.ordering in by_name else super().order_queryset(queryset)
        )


class PersonViewSet(users.UserViewSet):
    index_view_class = IndexView
    # Wagtail's own forms of a person ask for a password and for the name in two pieces; ours are rendered plainly.
    template_prefix = ""

    def get_form_class(self, for_update=False):
        return PersonEditForm if for_update else PersonCreationForm
