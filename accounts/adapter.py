"""allauth's hooks: codes instead of passwords, mails in the reader's language."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request, user, form, commit=True):
        user.set_unusable_password()
        user.language = request.LANGUAGE_CODE
        user.display_name = form.cleaned_data.get("display_name", "")
        return super().save_user(request, user, form, commit)


class MFAAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self):
        """Passkeys belong to one host: that of the centre where they were made."""
        entity = super().get_public_key_credential_rp_entity()
        entity["name"] = "Ogniwo"
        return entity
