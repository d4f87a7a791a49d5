"""References that a person can read out on the phone: RS-7K4M."""

import secrets

from volunteering.models import HelpRequest

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: letters and digits that sound or look alike.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 4


def new_reference(municipality):
    """A reference that nobody has yet. Four signs make 279,841; a fifth is added when they become scarce."""
    for attempt in range(40):
        length = LENGTH + attempt // 8
        code = "".join(secrets.choice(ALPHABET) for _ in range(length))
        reference = f"{municipality.code}-{code}"
        if not HelpRequest.objects.filter(reference=reference).exists():
            return reference
    raise RuntimeError("no free reference found")
