"""Who people are: one account for the whole installation, signed in by a code from its mailbox, never by a password."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class Language(models.TextChoices):
    POLISH = "pl", "polski"
    ENGLISH = "en", "English"
    UKRAINIAN = "uk", "українська"


class TextSize(models.TextChoices):
    NORMAL = "a", _("Normal text")
    LARGE = "aa", _("Large text")
    LARGEST = "aaa", _("Very large text")


class Contrast(models.TextChoices):
    NORMAL = "normal", _("Colours of the centre")
    HIGH = "high", _("High contrast")


class UserManager(BaseUserManager):
    def create_user(self, email, **fields):
        """A person who signs in by e-mail code. E-mails are kept in lower case: one mailbox, one account."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email, **fields):
        fields.pop("password", None)
        return self.create_user(email, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.POLISH)
    text_size = models.CharField(_("text size"), max_length=3, choices=TextSize, default=TextSize.NORMAL)
    contrast = models.CharField(_("contrast"), max_length=6, choices=Contrast, default=Contrast.NORMAL)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may see the installation's settings"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_mailbox")]

    def __str__(self):
        return self.display_name or _("Person %(number)s") % {"number": self.pk}

    @property
    def first_name(self):
        """The first word of the name: all that a stranger who may meet this person is shown."""
        return self.display_name.split(" ", 1)[0]

    @property
    def last_name(self):
        """Wagtail's lists ask for it; the name is kept in one piece."""
        return self.display_name.partition(" ")[2]

    def get_full_name(self):
        return self.display_name or self.email


class Consent(models.Model):
    """That a person agreed to a text: which one, in which version, when, and when they took it back."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("terms of use")
        PRIVACY = "privacy", _("privacy notice")
        VOLUNTEER_RULES = "volunteer_rules", _("rules for helpers")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    version = models.CharField(_("version of the text"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                "user", "kind", "version", condition=models.Q(withdrawn_at=None), name="one_live_consent_per_text"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version}"
