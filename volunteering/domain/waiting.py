"""Waiting lists: the rules alone, without a clock and without a database. What keeps people in order and places within
bounds is the business of each list."""

from datetime import timedelta


def how_many_to_offer(*, places, taken, waiting):
    """How many of those who wait can be offered a place now. `places`: None where they are not counted."""
    return waiting if places is None else max(0, min(places - taken, waiting))


def answer_until(now, *, hours, starts_at):
    """Until when the person who was offered a place may say yes; None where it has begun, and nobody is asked any
    more. Never later than the beginning."""
    return min(now + timedelta(hours=hours), starts_at) if now < starts_at else None
