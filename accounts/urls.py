"""Addresses of people's own settings."""

from django.urls import path

from accounts.views import demo, entrance, second_factor, settings

app_name = "accounts"
urlpatterns = [
    path("start/", entrance.landing, name="landing"),
    path("potwierdz/", entrance.prove, name="prove"),
    path("drugi-skladnik/", second_factor.choose, name="second_factor"),
    path("ustawienia/", settings.own, name="settings"),
    path("ustawienia/dane/", settings.data, name="data"),
    path("ustawienia/dane/pobierz/", settings.download, name="download"),
    path("ustawienia/usun/", settings.erase, name="erase"),
    path("zasady/", settings.terms, name="terms"),
    path("prywatnosc/", settings.privacy, name="privacy"),
    path("usuniete/", settings.erased, name="erased"),
    path("demo/", demo.sign_in, name="demo"),
]
