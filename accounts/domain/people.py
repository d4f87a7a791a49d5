"""People: how an account begins, changes, is given back as data, and ends.

This app lies below all others. What they have to add (where a person lands, their part of an export, of an erasure)
they register here at start-up, in the `ready()` of their app.
"""

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Consent, User

# The texts that this software brings; a site that keeps its own names their versions itself (`register_text_versions`).
# Raise the version when the words change: everybody is then asked again.
TEXT_VERSIONS = {
    Consent.Kind.TERMS: "2026-11",
    Consent.Kind.PRIVACY: "2026-11",
    Consent.Kind.VOLUNTEER_RULES: "2026-11",
}
# What everybody agrees to before they enter; the rest belongs to what a person does.
ASKED_OF_ALL = (Consent.Kind.TERMS, Consent.Kind.PRIVACY)


def _registry():
    functions = []

    def register(function):
        if function not in functions:
            functions.append(function)
        return function

    return functions, register


# function(user, municipality) → path or None: where a signed-in person goes first on that site (the municipality is
# None on the portal). The first answer counts, so an app registers its most particular function first.
_landings, register_landing = _registry()
# function(kind, municipality) → version of the text in force on that site, or "" where it keeps none of its own.
_text_versions, register_text_versions = _registry()
# function(kind, municipality) → address of that text in the language that is switched on, or "".
_text_addresses, register_text_addresses = _registry()
# function(user) → whether the person has a role anywhere, and therefore must show a second factor.
_staff_tests, register_staff = _registry()
# function(user) → dict of named parts of “my data”; dates may stay dates. Called outside any scope.
_exports, register_export = _registry()
# function(user): blanks what another app knows of the person. Called outside any scope, in the erasing transaction.
_erasures, register_erasure = _registry()
# function(user) → sentences why the account cannot be deleted now.
_obstacles, register_obstacle = _registry()
# function(kind, user, *, actor, **codes): writes the audit trail, in the caller's transaction.
_witnesses, register_witness = _registry()
# function(user_id): called after the commit that ended all sessions of a person (sockets close here).
_farewells, register_farewell = _registry()


def find(email):
    """The account of a mailbox, closed ones included; None where there is none."""
    return User.objects.filter(email=email.strip().lower()).first()


def register(email, *, display_name="", language=""):
    """Opens an account. Whoever calls has seen proof of the mailbox, or invites its owner.

    Raises Refused where the mailbox has an account already (also when another request was a moment faster).
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email, display_name=display_name, **({"language": language} if language else {})
            )
            _tell("accounts.registered", user, actor=user)
    except IntegrityError as error:
        raise Refused(_("There is an account for this e-mail address already.")) from error
    return user


@transaction.atomic
def introduce(email, *, display_name, language="", municipality=None):
    """The account of a mailbox whose owner has given a name and agreed to all texts in force on that site.

    Opens it where there is none; a name that is there already stays, so that nobody is renamed by their mailbox.
    """
    user = find(email) or register(email, display_name=display_name, language=language)
    if not user.display_name:
        user.display_name = display_name
        user.save(update_fields=["display_name"])
    for kind in missing_consents(user, municipality=municipality):
        give_consent(user, kind, municipality=municipality)
    return user


def is_complete(user, *, municipality=None):
    """Whether nothing is left to ask: a name is there, and consent to every text in its version in force."""
    return bool(user.display_name) and not missing_consents(user, municipality=municipality)


def text_version(kind, municipality=None):
    """The version of a text that is in force on a site (the portal's without a municipality)."""
    own = next((version for function in _text_versions if (version := function(kind, municipality))), "")
    return own or TEXT_VERSIONS[kind]


def text_address(kind, municipality=None):
    """Where a text in force can be read; empty where the site keeps none of its own."""
    return next((address for function in _text_addresses if (address := function(kind, municipality))), "")


def give_consent(user, kind, *, municipality=None):
    """Records that a person agreed to the text in force on that site. Agreeing twice is agreeing once."""
    version = text_version(kind, municipality)
    return Consent.objects.get_or_create(user=user, kind=kind, version=version, withdrawn_at=None)[0]


def missing_consents(user, *, municipality=None):
    """The texts asked of all, whose version in force on that site the person has not agreed to."""
    given = set(user.consents.filter(withdrawn_at=None).values_list("kind", "version"))
    return [kind for kind in ASKED_OF_ALL if (kind, text_version(kind, municipality)) not in given]


@transaction.atomic
def change_email(user, email):
    """Moves an account to another mailbox, whose code was typed in. Raises Refused where that one has an account."""
    try:
        with transaction.atomic():
            user.email = email.lower()
            user.save(update_fields=["email"])
    except IntegrityError as error:
        user.refresh_from_db(fields=["email"])
        raise Refused(_("There is an account for this e-mail address already.")) from error
    _tell("accounts.email_changed", user, actor=user)


@transaction.atomic
def reset_second_factor(user, *, actor=None):
    """Takes all authenticators from a person who lost them, and ends their sessions. Returns how many there were."""
    removed = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    Authenticator.objects.filter(user=user).delete()
    _tell("accounts.second_factor_reset", user, actor=actor, removed=removed)
    end_sessions(user)
    return removed


def record_second_factor(user, verb, kind):
    """Writes into the audit trail that an authenticator was added or removed."""
    with transaction.atomic():
        _tell(f"accounts.second_factor_{verb}", user, actor=user, type=kind)


@transaction.atomic
def end_sessions(user):
    """Signs a person out everywhere: sessions are bound to the (unusable) password, and it gets a new random value."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    user_id = user.pk
    for farewell in _farewells:
        transaction.on_commit(lambda farewell=farewell: farewell(user_id))


def is_staff(user):
    """Whether the person has a role in some centre, observes a network, keeps the installation, or may enter the CMS
    (the editors of the portal have no other role)."""
    if not user.is_authenticated or not user.is_active:
        return False
    return any(test(user) for test in _staff_tests) or user.has_perm("wagtailadmin.access_admin")


def landing(user, municipality):
    """Where a signed-in person goes first; the home page where no app has a better idea."""
    return next((path for function in _landings if (path := function(user, municipality))), "/")


def export(user):
    """Everything the installation keeps about a person, as a dict: the parts of all apps side by side."""
    parts = {"account": _account_of(user)}
    for function in _exports:
        part = function(user)
        if parts.keys() & part.keys():
            raise ValueError(f"Two apps export {sorted(parts.keys() & part.keys())}.")
        parts |= part
    return parts


def obstacles(user):
    """Sentences why the account cannot be deleted now; none means that it can."""
    return [sentence for function in _obstacles for sentence in function(user)]


@transaction.atomic
def erase_person(user, *, actor):
    """Blanks a person and closes the account. The row stays without a name, so that other people's histories hold.

    Works twice. Raises Refused while the person has roles or promises that somebody must take over first.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if reasons := obstacles(user):
        raise Refused(*reasons)
    for function in _erasures:
        function(user)
    Authenticator.objects.filter(user=user).delete()
    Consent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=timezone.now())
    user.groups.clear()
    user.user_permissions.clear()
    blank = User(pk=user.pk, email=f"{user.pk}@erased.invalid", is_active=False, date_joined=user.date_joined)
    blank.set_unusable_password()
    blank.save(force_update=True)
    _tell("accounts.erased", user, actor=actor)
    end_sessions(blank)
    return blank


def _account_of(user):
    return {
        "email": user.email,
        "name": user.display_name,
        "phone": str(user.phone),
        "language": user.language,
        "text_size": user.text_size,
        "contrast": user.contrast,
        "joined": user.date_joined,
        "last_signed_in": user.last_login,
        "consents": list(
            user.consents.order_by("given_at", "pk").values("kind", "version", "given_at", "withdrawn_at")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")
        ),
    }


def _tell(kind, user, *, actor, **codes):
    for witness in _witnesses:
        witness(kind, user, actor=actor, **codes)
