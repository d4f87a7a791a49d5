"""Ideas of residents, of the demonstration: some to be read, one asked about, one taken up, one closed kindly."""

import json
import uuid
from pathlib import Path

from django.utils import timezone

from neighbourhoods.models import Neighbourhood
from notifications.outbox import backdated
from volunteering.domain import proposals
from volunteering.models import Audience, InitiativeKind

IDEAS = json.loads((Path(__file__).parent / "data" / "proposals.json").read_text(encoding="utf-8"))
NAMESPACE = uuid.UUID("5b0f3f3e-54b1-4a39-8f43-0c1a3b0f9a77")


def make_proposals(municipality, residents, organiser):
    places = {neighbourhood.name: neighbourhood for neighbourhood in Neighbourhood.objects.all()}
    own = [entry for entry in IDEAS if entry["m"] == municipality.slug]
    for number, entry in enumerate(own):
        with backdated(timezone.now()):
            _make(entry, municipality, places, residents[number % len(residents)], organiser)


def _make(entry, municipality, places, resident, organiser):
    idea = proposals.Idea(
        entry["title"], entry["words"], entry["place"], places[entry["n"]], entry["time"], entry["leading"]
    )
    key = uuid.uuid5(NAMESPACE, entry["title"])
    proposal = proposals.send(idea, municipality=municipality, proposer=resident, key=key)
    if entry["then"] == "asked":
        proposals.ask(proposal, actor=organiser, text=entry["word"])
    elif entry["then"] == "closed":
        proposals.close(proposal, actor=organiser, text=entry["word"])
    elif entry["then"] == "taken":
        words = proposals.Words(
            title=entry["title"],
            summary=entry["summary"],
            body=entry["body"],
            kind=InitiativeKind.objects.get(code=entry["kind"]),
            audiences=[Audience.objects.get(code="everyone")],
            neighbourhoods=[places[entry["n"]]],
        )
        proposals.take_up(proposal, actor=organiser, words=words, text=entry["word"])
