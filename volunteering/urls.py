"""Addresses of asking, helping and joining."""

from django.urls import path

from volunteering.views import asking, helping, initiatives, request_page, requests

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
    path("prosby/<str:reference>/", request_page.page, name="request"),
    path("prosby/<str:reference>/odwolaj/", request_page.cancel, name="request_cancel"),
    path("prosby/<str:reference>/moj-adres/", request_page.own_address, name="request_own_address"),
    path("prosby/<str:reference>/wizyty/<int:pk>/biore/", request_page.take, name="visit_take"),
    path("prosby/<str:reference>/wizyty/<int:pk>/nie-tym-razem/", request_page.pass_on, name="visit_pass"),
    path("prosby/<str:reference>/pomoc/<int:pk>/zgoda/", request_page.accept, name="commitment_accept"),
    path("prosby/<str:reference>/pomoc/<int:pk>/odmowa/", request_page.decline, name="commitment_decline"),
    path("prosby/<str:reference>/pomoc/<int:pk>/rezygnuje/", request_page.withdraw, name="commitment_withdraw"),
    path("prosby/<str:reference>/pomoc/<int:pk>/jestem/", request_page.arrive, name="commitment_arrive"),
    path("prosby/<str:reference>/pomoc/<int:pk>/bylo/", request_page.confirm, name="commitment_confirm"),
    path("prosby/<str:reference>/pomoc/<int:pk>/nie-bylo/", request_page.no_show, name="commitment_no_show"),
    path("prosby/<str:reference>/pomoc/<int:pk>/adres/", request_page.address, name="commitment_address"),
    path("moje/", requests.mine, name="mine"),
    # Helping
    path("pomagam/", helping.door, name="help"),
    path("pomagam/zgloszenie/", helping.start, name="volunteer"),
    path("pomagam/zgloszenie/<slug:step>/", helping.step, name="volunteer_step"),
    path("pomagam/przerwa/", helping.pause, name="pause"),
    path("pomagam/dyzur/", helping.on_duty, name="on_duty"),
    # Initiatives
    path("inicjatywy/", initiatives.listing, name="initiatives"),
    path("inicjatywy/<slug:slug>/", initiatives.detail, name="initiative"),
    path("inicjatywy/<slug:slug>/spotkania/<int:pk>/zapisz/", initiatives.join, name="join"),
    path("inicjatywy/<slug:slug>/spotkania/<int:pk>/wypisz/", initiatives.leave, name="leave"),
]
