"""Why something could not be told, in words for staff. An error's own words may name an address, so they stay in the
table; shown is what its class means."""

import re

from django.utils.translation import gettext_lazy as _

A_CLASS = re.compile(r"[A-Za-z_][\w.]{0,59}", re.ASCII)

AWAY = _("The mail server did not answer.")
IN_WORDS = {
    "SMTPRecipientsRefused": _("The mail server did not take the address."),
    "SMTPDataError": _("The mail server did not take the letter."),
    "SMTPSenderRefused": _("The mail server did not take our own address as the sender."),
    "SMTPAuthenticationError": _("The mail server did not let us sign in."),
    **dict.fromkeys(
        (
            "ConnectionError",
            "ConnectionRefusedError",
            "ConnectionResetError",
            "BrokenPipeError",
            "OSError",
            "SMTPConnectError",
            "SMTPHeloError",
            "SMTPServerDisconnected",
            "TimeoutError",
            "gaierror",
        ),
        AWAY,
    ),
    **dict.fromkeys(
        ("SSLError", "SSLCertVerificationError"), _("The connection to the mail server could not be made safe.")
    ),
    "Unsendable": _("The mail service did not take the letter."),
    "Refused": _("The gateway for text messages did not take the message."),
    **dict.fromkeys(("Away", "Busy"), _("The gateway for text messages did not answer.")),
    "Trouble": _("The push service did not answer."),
    "ValueError": _("The address cannot be written to."),
    **dict.fromkeys(("DatabaseError", "OperationalError"), _("The database did not answer.")),
}
OTHER = _("Something in the program went wrong. Whoever runs the installation finds it in the log.")


def code_of(reason):
    """The class of the error; empty where it does not look like one."""
    return reason if A_CLASS.fullmatch(reason) else ""


def in_words(reason):
    return IN_WORDS.get(reason, OTHER)
