"""Mails as people's programs write them."""

from email.message import EmailMessage
from email.policy import SMTP

from anymail.inbound import AnymailInboundMessage

ADDRESS = "rozmowy@odpowiedzi.example"
SERVICE = {"REPLY_ADDRESS": ADDRESS, "MAIL_SERVICE": "postmark", "MAIL_WEBHOOK_SECRET": "poczta:tajne"}


def written(text=None, *, html=None, files=(), to=ADDRESS, sender="Jan <jan@example.org>", **headers):
    """A mail as bytes. `files`: (content, type, name). Headers by name with _ for -; None leaves one out."""
    mail = EmailMessage()
    values = {"From": sender, "To": to, "Message_ID": "<1@example.org>", "Subject": "Re: Napisano", **headers}
    for name, value in values.items():
        if value is not None:
            mail[name.replace("_", "-")] = value
    if text is not None:
        mail.set_content(text)
    if html is not None:
        mail.add_alternative(html, subtype="html") if text is not None else mail.set_content(html, subtype="html")
    for content, kind, name in files:
        maintype, subtype = kind.split("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes(policy=SMTP)


def raw(body, content_type, *, transfer="8bit", **headers):
    """A mail with one part, exactly as given: also what no program should write."""
    values = {"From": "jan@example.org", "To": ADDRESS, "Message-ID": "<1@example.org>", **headers}
    lines = [f"{name}: {value}" for name, value in values.items()]
    lines += [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {transfer}", "", ""]
    return "\r\n".join(lines).encode() + body


def brought(content, *, envelope_sender="jan@example.org", envelope_recipient=None):
    """What a mail service hands over."""
    message = AnymailInboundMessage.parse_raw_mime_bytes(content)
    message.envelope_sender, message.envelope_recipient = envelope_sender, envelope_recipient
    return message
