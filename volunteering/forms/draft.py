"""The answers of a request that is still being written, kept in the session of the person who writes it."""

import hashlib
import json
import time
import uuid

from volunteering.forms.asking import STEPS

SESSION_KEY = "asking"
# Whoever leaves a half-written request on a shared computer need not fear that it waits there for ever.
LIFE_SECONDS = 24 * 3600


class Draft:
    """What one person has answered so far. Nothing is written to the session before the first answer."""

    def __init__(self, session, *, municipality, user=None):
        self.session, self.municipality, self.user = session, municipality, user
        self.record = session.get(SESSION_KEY)
        if self.record and not 0 <= time.time() - self.record["started_at"] < LIFE_SECONDS:
            self.record = None

    def __bool__(self):
        return self.record is not None

    @property
    def key(self):
        """One for each request: sending it twice files it once."""
        return uuid.UUID(self.record["key"])

    @property
    def answers(self):
        return self.record["answers"] if self.record else {}

    @property
    def version(self):
        """Changes with every answer: what is sent is what was read through, also with two windows open."""
        return hashlib.sha256(json.dumps(self.answers, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def is_agreed(self):
        """Whether "send" was pressed: what came afterwards is a code, no change."""
        return bool(self) and self.record.get("agreed_version") == self.version

    @property
    def is_rescued(self):
        """Whether earlier answers were lost, because too much time had passed."""
        return bool(self) and self.record["rescued"]

    def form(self, step, data=None):
        """The form of a step: with what was just sent, else with what was answered before, else empty."""
        form = step(data, municipality=self.municipality, answers=self.answers, user=self.user)
        kept = self.answers.get(step.name)
        # Where an earlier answer has brought new fields, there is nothing to find fault with yet.
        if data is None and kept and form.fields.keys() <= kept.keys():
            form.data, form.is_bound = kept, True
        return form

    def forms(self):
        """The forms of all steps by name, bound to the answers."""
        return {
            step.name: step(
                self.answers.get(step.name, {}), municipality=self.municipality, answers=self.answers, user=self.user
            )
            for step in STEPS
        }

    def keep(self, form):
        """Keeps the answers of a valid form."""
        if not self:
            self.record = {
                "key": str(uuid.uuid4()),
                "started_at": time.time(),
                "answers": {},
                "rescued": form.name != STEPS[0].name,
            }
        self.record["answers"][form.name] = form.kept()
        if not self.first_unanswered():
            self.record["rescued"] = False
        self._save()

    def agree(self):
        """Remembers that these very answers are to be sent."""
        self.record["agreed_version"] = self.version
        self._save()

    def forget(self):
        self.session.pop(SESSION_KEY, None)
        self.record = None

    def first_unanswered(self, before=None):
        """The first step without an answer, of those that come before the given one; None where all are answered."""
        for step in STEPS:
            if step is before:
                return None
            if step.name not in self.answers:
                return step
        return None

    def _save(self):
        self.session[SESSION_KEY] = self.record


def first_fault(forms_by_name):
    """The first step whose answer is missing or no longer good; None where the request can be sent."""
    return next((step for step in STEPS if not forms_by_name[step.name].is_valid()), None)
