"""Public addresses of the CMS beside its pages."""

from django.urls import path

import volunteering.converters  # noqa: F401 -- makes `key` known
from cms.views import (
    discovery,
    newsletter,
    newsletter_desk,
    partners,
    posters,
    registering,
    registers,
    searching,
    serve,
    surroundings,
)

app_name = "cms"

SIGN_UP = "zapisy/<key:pk>/"
DESK = "biurko/wydarzenia/"
EVENT = f"{DESK}<key:pk>/"
ISSUES = "biurko/newsletter/"
ISSUE = f"{ISSUES}<key:pk>/"

urlpatterns = [
    path("media/images/<path:path>", serve.serve_photo, name="photo"),
    path("inicjatywy/<slug:slug>/plakat.pdf", posters.poster, name="poster"),
    path("partnerzy/", partners.listing, name="partners"),
    path("partnerzy/<slug:slug>/", partners.detail, name="partner"),
    path("okolica/", surroundings.listing, name="surroundings"),
    path("okolica/mapa/", surroundings.neighbourhoods, name="surroundings_map"),
    path("szukaj/", searching.search, name="search"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("robots.txt", discovery.robots, name="robots"),
    path("kanaly/aktualnosci.<slug:language>.xml", discovery.news_feed, name="news_feed"),
    # Registering for events
    path(SIGN_UP, registering.sign_up, name="sign_up"),
    path(f"{SIGN_UP}gotowe/", registering.finish, name="sign_up_finish"),
    path(f"{SIGN_UP}rezygnacja/", registering.leave, name="sign_up_leave"),
    path(f"{SIGN_UP}potwierdzenie/", registering.confirm, name="sign_up_confirm"),
    path(f"{SIGN_UP}wydarzenie.ics", registering.calendar, name="event_calendar"),
    path("moje/wydarzenia/", registering.mine, name="my_events"),
    # Who registered: guarded by `registers.for_event_staff`
    path(DESK, registers.listing, name="desk_events"),
    path(EVENT, registers.detail, name="desk_event"),
    path(f"{EVENT}zapis/", registers.add, name="desk_event_add"),
    path(f"{EVENT}osoby/<key:registration_pk>/wypis/", registers.decide, {"verb": "leave"}, name="desk_event_leave"),
    path(f"{EVENT}osoby/<key:registration_pk>/tak/", registers.decide, {"verb": "confirm"}, name="desk_event_confirm"),
    path(f"{EVENT}lista.csv", registers.export, {"kind": "csv"}, name="desk_event_csv"),
    path(f"{EVENT}lista.xlsx", registers.export, {"kind": "xlsx"}, name="desk_event_xlsx"),
    # The newsletter; addresses with a token are those of letters
    path("newsletter/", newsletter.archive, name="newsletter"),
    path("newsletter/<key:number>/", newsletter.issue, name="newsletter_issue"),
    path("newsletter/zapis/", newsletter.sign_up, name="newsletter_sign_up"),
    path("newsletter/zapis/wyslane/", newsletter.sent, name="newsletter_sent"),
    path("newsletter/potwierdzenie/<str:token>/", newsletter.confirm, name="newsletter_confirm"),
    path("newsletter/moje/<str:token>/", newsletter.choices, name="newsletter_choices"),
    path("newsletter/rezygnacja/<str:token>/", newsletter.leave, name="newsletter_leave"),
    # Its issues at the desk: guarded by `newsletter_desk.for_editors`
    path(ISSUES, newsletter_desk.listing, name="desk_newsletter"),
    path(f"{ISSUES}nowy/", newsletter_desk.write, name="desk_newsletter_write"),
    path(ISSUE, newsletter_desk.detail, name="desk_newsletter_issue"),
    path(f"{ISSUE}zmiana/", newsletter_desk.edit, name="desk_newsletter_edit"),
    path(f"{ISSUE}list.html", newsletter_desk.as_mail, name="desk_newsletter_mail"),
    path(f"{ISSUE}wysylka/", newsletter_desk.ask, name="desk_newsletter_ask"),
    path(f"{ISSUE}wyslij/", newsletter_desk.send, name="desk_newsletter_send"),
    path(f"{ISSUE}proba/", newsletter_desk.try_out, name="desk_newsletter_trial"),
    path(f"{ISSUE}stop/", newsletter_desk.stop, name="desk_newsletter_stop"),
    path(f"{ISSUE}usun/", newsletter_desk.throw_away, name="desk_newsletter_throw_away"),
]
