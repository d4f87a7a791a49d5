"""What do you need help with?"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volunteering.forms.asking.step import Step
from volunteering.models import Category


class What(Step):
    name = "what"
    slug = "co"
    title = gettext_lazy("What do you need help with?")

    def prepare(self):
        self.categories = {category.code: category for category in Category.objects.open()}
        # Choices of plain strings: whatever is sent is compared here and never reaches the database.
        self.fields["category"] = forms.ChoiceField(
            label=self.title,
            choices=[(code, category.name) for code, category in self.categories.items()],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose what you need help with."),
                "invalid_choice": _("This kind of help cannot be asked for here now. Choose another one or ring us."),
            },
        )

    def groups(self):
        """The choices under headings, empty headings left out: (heading, [(category, radio button)])."""
        buttons = {button.data["value"]: button for button in self["category"]}
        rows = {group: [] for group in Category.Group}
        for code, category in self.categories.items():
            rows.get(category.group, rows[Category.Group.OTHER]).append((category, buttons[code]))
        return [(group.label, found) for group, found in rows.items() if found]

    def category(self):
        return self.categories[self.cleaned_data["category"]]

    def summary(self):
        return [(_("What"), self.category().name)]
