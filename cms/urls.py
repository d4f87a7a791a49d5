"""Public addresses of the CMS beside its pages."""

from django.urls import path

import volunteering.converters  # noqa: F401 -- makes `key` known
from cms.views import discovery, partners, posters, registering, registers, searching, serve, surroundings

app_name = "cms"

SIGN_UP = "zapisy/<key:pk>/"
DESK = "biurko/wydarzenia/"
EVENT = f"{DESK}<key:pk>/"

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
]
