"""Addresses of the organiser's desk. Every one of them is guarded here, in one place."""

from django.urls import path
from wagtail.utils.urlpatterns import decorate_urlpatterns

import volunteering.converters  # noqa: F401 -- makes `key` and `reference` known
from volunteering.desk.access import for_case_workers, for_initiative_staff, for_organisers, for_partners
from volunteering.desk.views import (
    announcements,
    attendance,
    calls,
    commitments,
    conversations,
    groups,
    initiatives,
    intake,
    meetings,
    opening,
    opinions,
    own_partner,
    partners,
    plans,
    proposals,
    public_places,
    requests,
    settings,
    telling,
    today,
    visits,
    volunteers,
    waves,
)

app_name = "desk"

REQUEST = "prosby/<reference:reference>/"
VISIT = "prosby/<reference:reference>/wizyty/<key:visit_pk>/"
PROMISE = "prosby/<reference:reference>/obietnice/<key:pk>/"
PLAN = "plan/<key:plan_pk>/"
PAIR = "plan/pary/<key:pair_pk>/"
CONVERSATION = "rozmowy/<key:pk>/"
VOLUNTEER = "wolontariusze/<key:pk>/"
INITIATIVE = "inicjatywy/<slug:slug>/"
MEETING = "spotkania/<key:pk>/"
PROPOSAL = "pomysly/<key:pk>/"
ANNOUNCEMENT = "ogloszenia/<key:pk>/"
PARTNER = "partnerzy/<key:pk>/"
OWN = "moja-organizacja/"
OWN_INITIATIVE = f"{OWN}inicjatywy/<slug:slug>/"

for_the_centre = decorate_urlpatterns(
    [
        path("", today.today, name="today"),
        # Somebody is ringing
        path("telefon/", intake.intake, name="intake"),
        path("telefon/kto-dzwoni/", intake.caller, name="caller"),
        path(f"{REQUEST}przyjeta/", intake.taken, name="request_taken"),
        # Requests
        path("prosby/", requests.listing, name="requests"),
        path(REQUEST, requests.detail, name="request"),
        path(f"{REQUEST}kontakt/", requests.reveal, name="request_reveal"),
        path(f"{REQUEST}poprawka/", requests.correct, name="request_correct"),
        path(f"{REQUEST}publikacja/", requests.decide, {"verb": "publish"}, name="request_publish"),
        path(f"{REQUEST}ochrona/", requests.decide, {"verb": "protect"}, name="request_protect"),
        path(f"{REQUEST}koniec-ochrony/", requests.decide, {"verb": "unprotect"}, name="request_unprotect"),
        path(f"{REQUEST}rozmowa/", requests.decide, {"verb": "rang"}, name="request_rang"),
        path(f"{REQUEST}slowa/", requests.decide, {"verb": "rewrite"}, name="request_rewrite"),
        path(f"{REQUEST}wycofanie/", requests.decide, {"verb": "cancel"}, name="request_cancel"),
        path(f"{REQUEST}zamkniecie/", requests.decide, {"verb": "close"}, name="request_close"),
        path(f"{REQUEST}skierowanie/", requests.decide, {"verb": "refer"}, name="request_refer"),
        path(f"{REQUEST}wizyty/<key:visit_pk>/pomoc/<key:volunteer_pk>/", commitments.assign, name="assign"),
        path(f"{REQUEST}wizyty/<key:visit_pk>/termin/", visits.move, name="visit_move"),
        # The search for helpers of a visit
        path(f"{VISIT}szukanie/teraz/", waves.now, name="search_now"),
        path(f"{VISIT}nastepni/", waves.steer, {"verb": "advance"}, name="search_advance"),
        path(f"{VISIT}stop/", waves.steer, {"verb": "stop"}, name="search_stop"),
        path(f"{VISIT}szukanie/", waves.steer, {"verb": "start"}, name="search_start"),
        path(f"{VISIT}zaproszenie/<key:volunteer_pk>/", waves.invite, name="invite"),
        # The plan of the week
        path("plan/", plans.page, name="plan"),
        path("plan/nowy/", plans.make, name="plan_make"),
        path(f"{PLAN}od-nowa/", plans.steer, {"verb": "compute"}, name="plan_compute"),
        path(f"{PLAN}gotowy/", plans.steer, {"verb": "settle"}, name="plan_settle"),
        path(f"{PLAN}wyrzuc/", plans.steer, {"verb": "drop"}, name="plan_drop"),
        path(f"{PLAN}wyslij/", plans.send, name="plan_send"),
        path(f"{PAIR}zostaje/", plans.decide, {"verb": "keep"}, name="pair_keep"),
        path(f"{PAIR}luzem/", plans.decide, {"verb": "loosen"}, name="pair_loosen"),
        path(f"{PAIR}nigdy/", plans.decide, {"verb": "forbid"}, name="pair_forbid"),
        path(f"{PAIR}zdejmij/", plans.decide, {"verb": "remove"}, name="pair_remove"),
        path("plan/wizyty/<key:planned_pk>/", plans.choices, name="plan_choices"),
        path("plan/wizyty/<key:planned_pk>/osoby/<key:volunteer_pk>/", plans.choose, name="plan_choose"),
        # Promises of help
        path(f"{PROMISE}zgoda/", commitments.decide, {"verb": "accept"}, name="commitment_accept"),
        path(f"{PROMISE}odmowa/", commitments.decide, {"verb": "decline"}, name="commitment_decline"),
        path(f"{PROMISE}zwolnienie/", commitments.decide, {"verb": "release"}, name="commitment_release"),
        path(f"{PROMISE}nieobecnosc/", commitments.decide, {"verb": "no_show"}, name="commitment_no_show"),
        path(f"{PROMISE}potwierdzenie/", commitments.confirm, name="commitment_confirm"),
        # Conversations that ask for the centre
        path(f"{CONVERSATION}wejscie/", conversations.join, name="conversation_join"),
        path(f"{CONVERSATION}wyjscie/", conversations.leave, name="conversation_leave"),
        path(f"{CONVERSATION}zalatwione/", conversations.settle, name="conversation_settle"),
        path(f"{CONVERSATION}zamkniecie/", conversations.close, name="conversation_close"),
        path("do-telefonu/<key:pk>/", calls.settle, name="call"),
        # People who help
        path("wolontariusze/", volunteers.listing, name="volunteers"),
        path(VOLUNTEER, volunteers.detail, name="volunteer"),
        path(f"{VOLUNTEER}kontakt/", volunteers.reveal, name="volunteer_reveal"),
        path(f"{VOLUNTEER}rozmowa/", volunteers.decide, {"verb": "meet"}, name="volunteer_meet"),
        path(f"{VOLUNTEER}przyjecie/", volunteers.decide, {"verb": "activate"}, name="volunteer_activate"),
        path(f"{VOLUNTEER}wstrzymanie/", volunteers.decide, {"verb": "suspend"}, name="volunteer_suspend"),
        path(f"{VOLUNTEER}zakonczenie/", volunteers.decide, {"verb": "end"}, name="volunteer_end"),
        path(
            f"{VOLUNTEER}pierwsza-wizyta/",
            volunteers.decide,
            {"verb": "release_first_visit"},
            name="volunteer_release_first_visit",
        ),
        # Initiatives
        path("inicjatywy/", initiatives.listing, name="initiatives"),
        path(f"{INITIATIVE}przyjecie/", initiatives.decide, {"verb": "accept"}, name="initiative_accept"),
        path(f"{INITIATIVE}start/", initiatives.decide, {"verb": "start"}, name="initiative_start"),
        path(f"{INITIATIVE}zakonczenie/", initiatives.decide, {"verb": "finish"}, name="initiative_finish"),
        path(f"{INITIATIVE}grupa/", groups.open_group, name="group_open"),
        path(f"{INITIATIVE}grupa/prowadzenie/", groups.appoint, name="group_appoint"),
        path(f"{INITIATIVE}grupa/bank-czasu/", groups.open_bank, name="group_bank"),
        path(f"{INITIATIVE}grupa/wpisy/<key:post_pk>/ukryj/", groups.settle, {"hide": True}, name="group_hide"),
        path(f"{INITIATIVE}grupa/wpisy/<key:post_pk>/zostaw/", groups.settle, {"hide": False}, name="group_settle"),
        # Ideas of residents
        path("pomysly/", proposals.listing, name="proposals"),
        path(PROPOSAL, proposals.detail, name="proposal"),
        path(f"{PROPOSAL}kontakt/", proposals.reveal, name="proposal_reveal"),
        path(f"{PROPOSAL}pytanie/", proposals.reply, {"verb": "ask"}, name="proposal_ask"),
        path(f"{PROPOSAL}zamkniecie/", proposals.reply, {"verb": "close"}, name="proposal_close"),
        path(f"{PROPOSAL}przyjecie/", proposals.take_up, name="proposal_take_up"),
        # Announcements
        path("ogloszenia/", announcements.listing, name="announcements"),
        path("ogloszenia/nowe/", announcements.write, name="announcement_write"),
        path("ogloszenia/ile/", announcements.count, name="announcement_count"),
        path(ANNOUNCEMENT, announcements.detail, name="announcement"),
        path(f"{ANNOUNCEMENT}zmiana/", announcements.edit, name="announcement_edit"),
        path(f"{ANNOUNCEMENT}wyslij/", announcements.confirm, name="announcement_confirm"),
        path(f"{ANNOUNCEMENT}wysylka/", announcements.decide, {"verb": "send"}, name="announcement_send"),
        path(f"{ANNOUNCEMENT}druga-osoba/", announcements.decide, {"verb": "ask"}, name="announcement_ask"),
        path(f"{ANNOUNCEMENT}zgoda/", announcements.decide, {"verb": "approve"}, name="announcement_approve"),
        path(f"{ANNOUNCEMENT}zwrot/", announcements.hand_back, name="announcement_hand_back"),
        path(f"{ANNOUNCEMENT}proba/", announcements.steer, {"verb": "test"}, name="announcement_test"),
        path(f"{ANNOUNCEMENT}stop/", announcements.steer, {"verb": "cancel"}, name="announcement_cancel"),
        # Partners and their people
        path("partnerzy/", partners.listing, name="partners"),
        path("partnerzy/nowy/", partners.add, name="partner_add"),
        path(PARTNER, partners.detail, name="partner"),
        path(f"{PARTNER}zmiana/", partners.change, name="partner_change"),
        path(f"{PARTNER}profil/", partners.profile, name="partner_profile"),
        path(f"{PARTNER}profil/<key:profile_pk>/zgoda/", partners.approve, name="partner_approve"),
        path(f"{PARTNER}profil/<key:profile_pk>/zwrot/", partners.send_back, name="partner_send_back"),
        path(f"{PARTNER}ukrycie/", partners.hide, name="partner_hide"),
        path(f"{PARTNER}pokazanie/", partners.show, name="partner_show"),
        path(f"{PARTNER}osoby/", for_organisers(partners.invite), name="partner_invite"),
        path(f"{PARTNER}osoby/<key:membership_pk>/koniec/", for_organisers(partners.end), name="partner_end"),
        # Public places
        path("okolica/", public_places.listing, name="places"),
        path("okolica/nowe/", public_places.add, name="place_add"),
        path("okolica/<key:pk>/", public_places.change, name="place"),
        path("okolica/<key:pk>/usun/", public_places.remove, name="place_remove"),
        # What residents think
        path("opinie/", opinions.listing, name="opinions"),
        path("opinie/<key:pk>/", opinions.detail, name="opinion"),
        path("opinie/<key:pk>/odpowiedziano/", opinions.answered, name="opinion_answered"),
        # Rules
        path("ustawienia/", settings.rules, name="settings"),
        path("ustawienia/kontakt/", settings.contact, name="contact"),
        # Opening the site to the public
        path("ustawienia/otwarcie/", opening.overview, name="opening"),
        path("ustawienia/otwarcie/start/", opening.switch, {"verb": "open"}, name="opening_open"),
        path("ustawienia/otwarcie/przygotowanie/", opening.switch, {"verb": "close"}, name="opening_close"),
        path("ustawienia/otwarcie/<slug:code>/", opening.confirm, name="opening_confirm"),
        path("ustawienia/otwarcie/<slug:code>/cofnij/", opening.confirm, {"withdrawn": True}, name="opening_withdraw"),
        # How the notifications run
        path("ustawienia/powiadomienia/", telling.telling, name="telling"),
        path("ustawienia/powiadomienia/ponownie/", telling.again, name="telling_again"),
    ],
    for_case_workers,
)

# Meetings of initiatives: for case workers, and for the partner that runs the initiative.
for_those_who_run_it = decorate_urlpatterns(
    [
        path(INITIATIVE, initiatives.detail, name="initiative"),
        path(f"{INITIATIVE}spotkania/nowe/", initiatives.plan, name="meeting_plan"),
        path(MEETING, meetings.detail, name="meeting"),
        path(f"{MEETING}zmiana/", meetings.change, name="meeting_change"),
        path(f"{MEETING}odwolanie/", meetings.call_off, name="meeting_call_off"),
        path(f"{MEETING}zapis/", meetings.sign_up, name="meeting_sign_up"),
        path(f"{MEETING}wypis/<key:participation_pk>/", meetings.sign_off, name="meeting_sign_off"),
        path(f"{MEETING}przyjdzie/<key:participation_pk>/", meetings.confirm, name="meeting_confirm"),
        path(f"{MEETING}pierwszenstwo/", meetings.promote, name="meeting_promote"),
        path(f"{MEETING}pomocnicy/", meetings.ask_helpers, name="meeting_helpers"),
        path(f"{MEETING}lista/", attendance.paper, name="meeting_paper"),
        path(f"{MEETING}drzwi/", attendance.door, name="meeting_door"),
        path(f"{MEETING}drzwi/<key:participation_pk>/", attendance.tick, name="meeting_tick"),
        path(f"{MEETING}drzwi/nowa-osoba/", attendance.walk_in, name="meeting_walk_in"),
        path(f"{MEETING}obecnosc/", attendance.save, name="meeting_attendance"),
    ],
    for_initiative_staff,
)

# A partner's own desk
for_own_staff = decorate_urlpatterns(
    [
        path(OWN, own_partner.overview, name="own_partner"),
        path(f"{OWN}profil/", own_partner.profile, name="own_profile"),
        path(f"{OWN}inicjatywy/nowa/", own_partner.begin, name="own_begin"),
        path(OWN_INITIATIVE, own_partner.words, name="own_words"),
        path(f"{OWN_INITIATIVE}wyslij/", own_partner.decide, {"verb": "submit"}, name="own_words_submit"),
        path(f"{OWN_INITIATIVE}cofnij/", own_partner.decide, {"verb": "take_back"}, name="own_words_take_back"),
    ],
    for_partners,
)

urlpatterns = [*for_the_centre, *for_those_who_run_it, *for_own_staff]
