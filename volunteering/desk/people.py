"""Lists of people as they are kept on paper."""

from volunteering.domain.words import fold


def by_surname(participations):
    """In the order of surnames as far as one can tell: the last word of the name."""
    return sorted(participations, key=lambda it: [fold(word) for word in reversed(it.person_name.split())])
