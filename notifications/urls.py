"""Addresses of a person's notifications."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("przeczytane/", views.read_all, name="read_all"),
    path("ustawienia/", views.settings, name="settings"),
    path("dlaczego/", views.ledger, name="ledger"),
    path("to-urzadzenie/", views.device_on, name="device_on"),
    path("to-urzadzenie/koniec/", views.device_off, name="device_off"),
    path("bez-poczty/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("<int:seq>/", views.open_notice, name="open"),
    path("<int:seq>/dlaczego/", views.why, name="why"),
    path("<int:seq>/przeczytane/", views.read_one, name="read_one"),
]
