"""Addresses of asking, helping and joining."""

from django.urls import path

from volunteering.views import placeholder

app_name = "volunteering"
urlpatterns = [
    # Asking
    path("prosby/", placeholder.soon, name="requests"),
    path("prosby/nowa/", placeholder.soon, name="ask"),
    path("prosby/<str:reference>/", placeholder.soon, name="request"),
    path("moje/", placeholder.soon, name="mine"),
    # Helping
    path("pomagam/", placeholder.soon, name="help"),
    path("pomagam/zgloszenie/", placeholder.soon, name="volunteer"),
    # Initiatives
    path("inicjatywy/", placeholder.soon, name="initiatives"),
    path("inicjatywy/<slug:slug>/", placeholder.soon, name="initiative"),
]
