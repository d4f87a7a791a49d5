"""Letters of the demo: printed where it was started, so that codes can be read there."""

from django.core.mail.backends.console import EmailBackend


class TerminalBackend(EmailBackend):
    """Prints what a person would read: to whom, about what, and the text."""

    def write_message(self, message):
        self.stream.write(f"✉ {', '.join(message.to)}: {message.subject}\n\n{message.body.strip()}\n{'-' * 79}\n")
