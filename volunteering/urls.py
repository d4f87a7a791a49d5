"""Addresses of asking, helping and joining."""

from django.urls import path

import volunteering.converters  # noqa: F401 -- makes `key` and `reference` known
from volunteering.views import (
    announcements,
    asking,
    conversations,
    feeds,
    follows,
    group_leading,
    group_page,
    groups,
    helping,
    initiative_calendar,
    initiatives,
    nearby,
    offline,
    opinions,
    proposing,
    request_page,
    requests,
    sign_ups,
    time_banks,
)

app_name = "volunteering"

GROUP = "grupy/<key:pk>/"
TIME = f"{GROUP}czas/"
GROUP_VERBS = {"przyjmij": "accept", "odmow": "decline", "usun": "remove"}
GROUP_POST_VERBS = {"na-gorze": "pin", "z-gory": "unpin", "ukryj": "hide", "pokaz": "show", "w-porzadku": "settle"}

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
    # What residents think
    path("opinia/", opinions.write, name="opinion"),
    path("opinia/dziekujemy/", opinions.thanks, name="opinion_thanks"),
    path("moje/", requests.mine, name="mine"),
    # Ideas for initiatives
    path("inicjatywy/zaproponuj/", proposing.propose, name="propose"),
    path("inicjatywy/zaproponuj/wyslij/", proposing.send, name="propose_send"),
    path("moje/pomysly/<key:pk>/", proposing.detail, name="proposal"),
    path("moje/pomysly/<key:pk>/odpowiedz/", proposing.answer, name="proposal_answer"),
    path("moje/pomysly/<key:pk>/wycofaj/", proposing.withdraw, name="proposal_withdraw"),
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
    # Groups. Numbers and no words: addresses stay in the history of a phone.
    path("grupy/", groups.mine, name="groups"),
    path("grupy/zaproszenie/", groups.invitation, name="group_code"),
    path("grupy/zaproszenie/<str:code>/", groups.invitation, name="group_invitation"),
    path(GROUP, group_page.page, name="group"),
    path(f"{GROUP}dolacz/", groups.join, name="group_join"),
    path(f"{GROUP}wycofaj/", groups.withdraw, name="group_withdraw"),
    path(f"{GROUP}wyjdz/", groups.leave, name="group_leave"),
    path(f"{GROUP}umowa/", groups.agreement, name="group_agreement"),
    path(f"{GROUP}osoby/", groups.people, name="group_people"),
    path(f"{GROUP}spotkania/", groups.meetings, name="group_meetings"),
    path(f"{GROUP}ja/", groups.own, name="group_own"),
    path(f"{GROUP}ankiety/", group_page.polls, name="group_polls"),
    path(f"{GROUP}ankiety/<key:poll_pk>/glos/", group_page.vote, name="group_vote"),
    path(f"{GROUP}ankiety/<key:poll_pk>/koniec/", group_page.end_poll, name="group_poll_end"),
    path(f"{GROUP}wpisy/<key:post_pk>/", group_page.post, name="group_post"),
    path(f"{GROUP}wpisy/<key:post_pk>/zdjecie/", group_page.photo, name="group_photo"),
    path(f"{GROUP}wpisy/<key:post_pk>/kasuj/", group_page.take_back, name="group_post_remove"),
    path(f"{GROUP}wpisy/<key:post_pk>/zgloszenie/", group_page.report, name="group_post_report"),
    *(
        path(
            f"{GROUP}wpisy/<key:post_pk>/{verb}/", group_leading.decide_post, {"verb": verb}, name=f"group_post_{name}"
        )
        for verb, name in GROUP_POST_VERBS.items()
    ),
    path(f"{GROUP}prowadzenie/", group_leading.page, name="group_leading"),
    path(f"{GROUP}prowadzenie/umowa/", group_leading.agreement, name="group_write_agreement"),
    path(f"{GROUP}prowadzenie/zaproszenie/", group_leading.invite, name="group_invite"),
    path(f"{GROUP}prowadzenie/przekaz/", group_leading.hand_over, name="group_hand_over"),
    *(
        path(f"{GROUP}osoby/<key:member_pk>/{verb}/", group_leading.decide, {"verb": verb}, name=f"group_{name}")
        for verb, name in GROUP_VERBS.items()
    ),
    # Time banks of groups
    path(TIME, time_banks.page, name="time_bank"),
    path(f"{TIME}konto/", time_banks.open_account, name="time_account"),
    path(f"{TIME}wpis/", time_banks.write, name="time_write"),
    path(f"{TIME}wpis/<key:exchange_pk>/tak/", time_banks.confirm, name="time_confirm"),
    path(f"{TIME}wpis/<key:exchange_pk>/nie/", time_banks.decline, name="time_decline"),
    path(f"{TIME}wpis/<key:exchange_pk>/cofnij/", time_banks.withdraw, name="time_withdraw"),
    path(f"{TIME}ogloszenie/", time_banks.note, name="time_note"),
    path(f"{TIME}ogloszenie/<key:note_pk>/kasuj/", time_banks.remove_note, name="time_note_remove"),
    path(f"{TIME}limit/", time_banks.lead, name="time_limit"),
    path(f"{TIME}poprawka/", time_banks.correct, name="time_correct"),
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
    path("inicjatywy/kalendarz/", initiative_calendar.calendar, name="initiative_calendar"),
    path("inicjatywy/mapa/", initiative_calendar.neighbourhoods, name="initiative_map"),
    path("inicjatywy/zakonczone/", initiatives.finished, name="initiatives_finished"),
    path("inicjatywy/kalendarz.ics", feeds.centre, name="initiatives_ics"),
    path("inicjatywy/kanal.atom", feeds.atom, name="initiatives_atom"),
    path("inicjatywy/<slug:slug>/kalendarz.ics", feeds.initiative, name="initiative_ics"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/kalendarz.ics", feeds.meeting, name="meeting_ics"),
    path("inicjatywy/<slug:slug>/", initiatives.detail, name="initiative"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisz/", sign_ups.join, name="join"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/czekam/", sign_ups.wait, name="wait"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/wypisz/", sign_ups.leave, name="leave"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisy/", sign_ups.newcomer, name="sign_up"),
    path("inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisy/gotowe/", sign_ups.done, name="sign_up_done"),
]
