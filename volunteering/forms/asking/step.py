"""What all questions have in common."""

from django import forms

from volunteering.models import Category


class Step(forms.Form):
    """One question. `answers`: what was kept of the steps so far, by their names; `user`: who asks, if signed in."""

    name = ""
    slug = ""
    title = ""
    hint = ""

    def __init__(self, data=None, *, municipality, answers, user=None, **kwargs):
        self.municipality, self.answers, self.user = municipality, answers, user
        kwargs.setdefault("initial", answers.get(self.name))
        super().__init__(data, **kwargs)
        self.prepare()

    def prepare(self):
        """Fits the fields to this municipality and to the answers so far."""

    def kept(self):
        """The answers as they are kept until the request is sent: strings that the same form reads again."""
        return {name: "" if value is None else str(value) for name, value in self.cleaned_data.items()}

    def summary(self):
        """Pairs (label, answer) for the page on which all answers are checked."""
        raise NotImplementedError

    def earlier(self, step, field):
        """An answer to an earlier question, "" where there is none yet."""
        return self.answers.get(step, {}).get(field, "")

    def category(self):
        """The kind of help that was chosen, None before that."""
        return Category.objects.open().filter(code=self.earlier("what", "category")).first()
