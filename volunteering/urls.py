"""Addresses of asking, helping and joining."""

from django.urls import path

from volunteering.views import helping, initiatives, placeholder

app_name = "volunteering"
urlpatterns = [
    # Asking
    path("prosby/", placeholder.soon, name="requests"),
    path("prosby/nowa/", placeholder.soon, name="ask"),
    path("prosby/<str:reference>/", placeholder.soon, name="request"),
    path("moje/", placeholder.soon, name="mine"),
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
