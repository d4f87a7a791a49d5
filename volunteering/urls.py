"""Addresses of asking, helping and joining."""

from django.urls import path

import volunteering.converters  # noqa: F401 -- makes `key` and `reference` known
from volunteering.views import (
    announcements,
    asking,
    conversations,
    follows,
    helping,
    initiatives,
    nearby,
    offline,
    request_page,
    requests,
    sign_ups,
)

app_name = "volunteering"
urlpatterns = [
    # Asking
    path("prosby/", requests.listing, name="requests"),
    path("prosby/nowa/", asking.ask, name="ask"),
    path("prosby/nowa/moze-tez/", asking.also, name="ask_also"),
    path("prosby/nowa/sprawdz/", asking.check, name="ask_check"),
    path("prosby/nowa/wyslij/", asking.send, name="ask_send"),
    path("prosby/nowa/wyslano/", asking.receipt, name="ask_receipt"),
    path("prosby/nowa/<slug:slug>/", asking.question, name="ask_question"),
    path("prosby/<reference:reference>/", request_page.page, name="request"),
    path("prosby/<reference:reference>/odwolaj/", request_page.cancel, name="request_cancel"),
    path("prosby/<reference:reference>/moj-adres/", request_page.own_address, name="request_own_address"),
    path("prosby/<reference:reference>/wizyty/<key:pk>/biore/", request_page.take, name="visit_take"),
    path("prosby/<reference:reference>/wizyty/<key:pk>/nie-tym-razem/", request_page.pass_on, name="visit_pass"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/zgoda/", request_page.accept, name="commitment_accept"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/odmowa/", request_page.decline, name="commitment_decline"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/rezygnuje/", request_page.withdraw, name="commitment_withdraw"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/jestem/", request_page.arrive, name="commitment_arrive"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/bylo/", request_page.confirm, name="commitment_confirm"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/nie-bylo/", request_page.no_show, name="commitment_no_show"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/adres/", request_page.address, name="commitment_address"),
    path("prosby/<reference:reference>/pomoc/<key:pk>/rozmowa/", conversations.begin, name="conversation_begin"),
    path("bez-sieci/", offline.offline, name="offline"),
    path("moje/", requests.mine, name="mine"),
    # Following
    path("moje/obserwowane/", follows.overview, name="following"),
    path("moje/obserwowane/godzina/", follows.hour, name="digest_hour"),
    path("moje/obserwowane/nowa-prosba/", follows.watch, name="watch"),
    path("moje/obserwowane/nowe/<slug:what>/<slug:name>/", follows.follow, name="follow"),
    path("moje/obserwowane/<slug:what>/<key:pk>/", follows.change, name="wish"),
    path("moje/obserwowane/<slug:what>/<key:pk>/koniec/", follows.stop, name="wish_stop"),
    # Conversations
    path("rozmowy/<key:pk>/", conversations.page, name="conversation"),
    path("rozmowy/<key:pk>/zdjecia/<key:message_pk>/", conversations.photo, name="conversation_photo"),
    path("rozmowy/<key:pk>/cisza/", conversations.mute, name="conversation_mute"),
    path("rozmowy/<key:pk>/centrum/", conversations.invite_staff, name="conversation_invite_staff"),
    path("rozmowy/<key:pk>/zgloszenie/", conversations.report, name="conversation_report"),
    path("rozmowy/<key:pk>/blokada/", conversations.block, name="conversation_block"),
    # What the centre wrote
    path("ogloszenia/<key:pk>/", announcements.detail, name="announcement"),
    # Helping
    path("pomagam/", helping.door, name="help"),
    path("pomagam/blisko/", nearby.listing, name="nearby"),
    path("pomagam/zgloszenie/", helping.start, name="volunteer"),
    path("pomagam/zgloszenie/<slug:step>/", helping.step, name="volunteer_step"),
    path("pomagam/przerwa/", helping.pause, name="pause"),
    path("pomagam/dyzur/", helping.on_duty, name="on_duty"),
    # Initiatives
    path("inicjatywy/", initiatives.listing, name="initiatives"),
    path("inicjatywy/<slug:slug>/", initiatives.detail, name="initiative"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisz/", sign_ups.join, name="join"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/czekam/", sign_ups.wait, name="wait"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/wypisz/", sign_ups.leave, name="leave"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisy/", sign_ups.newcomer, name="sign_up"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisy/gotowe/", sign_ups.done, name="sign_up_done"),
]
