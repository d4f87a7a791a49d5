"""Partners: organisations whose words about themselves the centre reads before everybody else does.

Lock order: the organisation first, then its profiles. Who works for a partner is kept by
`neighbourhoods.domain.membership`; where their photos are kept, the app above says (`keep_photos_in`).
"""

from dataclasses import dataclass, field
from itertools import count

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from neighbourhoods.domain.freshness import content_changed
from neighbourhoods.models import Municipality, Neighbourhood, Organisation, OrganisationState
from notifications.outbox import publish
from volunteering.domain import photos
from volunteering.errors import Refused, TransitionError
from volunteering.folding import fold
from volunteering.models import PartnerProfile, ServiceArea
from volunteering.states import ProfileStage

LONGEST_SLUG = 100

_shelves = []


@dataclass(frozen=True)
class Profile:
    """What a partner says of itself, checked. `image`: a photo of its own, or None."""

    kind: str
    summary: str
    words: str = ""
    areas: list[ServiceArea] = field(default_factory=list)
    neighbourhoods: list[Neighbourhood] = field(default_factory=list)
    phone: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    krs: str = ""
    is_public_benefit: bool = False
    image: object = None
    image_description: str = ""

    def fields(self):
        return {name: value for name, value in self.__dict__.items() if name not in {"areas", "neighbourhoods"}}


def keep_photos_in(function):
    """`function(organisation)` gives the collection that photos of this partner go into."""
    _shelves[:] = [function]


@transaction.atomic
def add(municipality, *, actor, name, **facts):
    """A new partner: it has no page until its profile is approved. Raises Refused for a name that is there already."""
    # One at a time in a gmina: two people who add the same partner at once add it once.
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    if Organisation.objects.filter(name__iexact=name).exists():
        raise Refused(_("There is a partner of this name already."))
    organisation = Organisation.objects.create(municipality=municipality, name=name, slug=_free_slug(name), **facts)
    _tell("add", organisation, actor=actor)
    return organisation


@transaction.atomic
def change(organisation, *, actor, name, **facts):
    """What the centre itself keeps of a partner. The address of its page stays. Raises Refused for a taken name."""
    organisation = _lock(organisation)
    if Organisation.objects.filter(name__iexact=name).exclude(pk=organisation.pk).exists():
        raise Refused(_("There is a partner of this name already."))
    for name_of_field, value in {"name": name, **facts}.items():
        setattr(organisation, name_of_field, value)
    organisation.slug = organisation.slug or _free_slug(name)
    organisation.save(update_fields=["name", "slug", *facts])
    _changed("change", organisation, actor=actor)
    return organisation


@transaction.atomic
def propose(organisation, *, actor, profile):
    """Its staff send new words; the centre reads them. They take the place of what waits already."""
    organisation = _lock(organisation)
    PartnerProfile.objects.of_organisation(organisation).pending().delete()
    written = _write(organisation, profile, actor=actor, stage=ProfileStage.PROPOSED)
    _tell("propose", organisation, actor=actor)
    return written


@transaction.atomic
def write(organisation, *, actor, profile):
    """The centre itself writes, for a partner without staff of its own: public at once. Raises Refused while words of
    the partner wait: approving these later would undo what is written here."""
    organisation = _lock(organisation)
    if PartnerProfile.objects.of_organisation(organisation).to_read().exists():
        raise Refused(_("The partner has sent words that wait for you. Read them first."))
    PartnerProfile.objects.of_organisation(organisation).approved().delete()
    written = _write(organisation, profile, actor=actor, stage=ProfileStage.PUBLIC)
    _open_page(organisation, actor=actor, verb="write")
    return written


@transaction.atomic
def approve(profile, *, actor):
    """These words are public from now on; those before them are gone. The first ones open the partner's page."""
    organisation, profile = _lock_proposed(profile)
    PartnerProfile.objects.of_organisation(organisation).approved().delete()
    profile.stage = ProfileStage.PUBLIC
    profile.save(update_fields=["stage"])
    _open_page(organisation, actor=actor, verb="approve")
    return profile


@transaction.atomic
def send_back(profile, *, actor, answer):
    """The centre asks for changes and says which; what was public stays so."""
    organisation, profile = _lock_proposed(profile)
    profile.stage, profile.answer = ProfileStage.RETURNED, answer
    profile.save(update_fields=["stage", "answer"])
    _tell("send_back", organisation, actor=actor)
    return profile


@transaction.atomic
def hide(organisation, *, actor, reason):
    """Its page is gone for everybody outside, and on its initiatives the centre's name stands. Its staff read why."""
    organisation = _lock(organisation)
    if organisation.is_hidden:
        raise TransitionError(_("This partner is hidden already."))
    organisation.state, organisation.hidden_because = OrganisationState.HIDDEN, reason
    organisation.save(update_fields=["state", "hidden_because"])
    _changed("hide", organisation, actor=actor)
    return organisation


@transaction.atomic
def show(organisation, *, actor):
    """Takes the hiding back."""
    organisation = _lock(organisation)
    if not organisation.is_hidden:
        raise TransitionError(_("This partner is not hidden."))
    has_words = PartnerProfile.objects.of_organisation(organisation).approved().exists()
    organisation.state = OrganisationState.PUBLISHED if has_words else OrganisationState.DRAFT
    organisation.hidden_because = ""
    organisation.slug = organisation.slug or _free_slug(organisation.name)
    organisation.save(update_fields=["state", "hidden_because", "slug"])
    _changed("show", organisation, actor=actor)
    return organisation


def keep_photo(file, *, organisation, description, actor):
    """A photo that a partner sent, drawn anew, in the partner's own collection. Raises Refused for what is no photo.
    Slow: never inside a transaction."""
    drawn = photos.redraw(file)
    return get_image_model().objects.create(
        title=description[:200],
        file=ContentFile(drawn.content, name=f"{organisation.slug or 'partner'}.jpg"),
        width=drawn.width,
        height=drawn.height,
        collection=_shelves[0](organisation),
        uploaded_by_user=actor,
    )


def _write(organisation, profile, *, actor, stage):
    written = PartnerProfile.objects.create(
        organisation=organisation, stage=stage, written_by=actor, **profile.fields()
    )
    written.areas.set(profile.areas)
    written.neighbourhoods.set(profile.neighbourhoods)
    return written


def _open_page(organisation, *, actor, verb):
    """A hidden partner stays hidden, whatever it writes."""
    if organisation.state == OrganisationState.DRAFT:
        organisation.state = OrganisationState.PUBLISHED
        organisation.slug = organisation.slug or _free_slug(organisation.name)
        organisation.save(update_fields=["state", "slug"])
    _changed(verb, organisation, actor=actor)


def _lock_proposed(profile):
    """Raises TransitionError where it is not these words that wait: the partner has sent others meanwhile, or somebody
    else has decided."""
    organisation = _lock(profile.organisation)
    waiting = PartnerProfile.objects.of_organisation(organisation).to_read().filter(pk=profile.pk).first()
    if waiting is None:
        raise TransitionError(_("These words do not wait any more. Read what stands here now."))
    return organisation, waiting


def _lock(organisation):
    locked = Organisation.objects.select_related("municipality").select_for_update(of=("self",))
    return locked.get(pk=organisation.pk)


def _free_slug(name):
    stem = slugify(fold(name))[:LONGEST_SLUG].strip("-") or "partner"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(slug for slug in numbered if slug not in taken)


def _changed(verb, organisation, *, actor):
    _tell(verb, organisation, actor=actor)
    content_changed(organisation.municipality)


def _tell(verb, organisation, *, actor):
    publish(
        f"volunteering.partner_{verb}",
        organisation,
        actor=actor,
        municipality=organisation.municipality,
    )
