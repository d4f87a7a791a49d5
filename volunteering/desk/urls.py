"""Addresses of the organiser's desk."""

from django.urls import path

from volunteering.views import placeholder

app_name = "desk"
urlpatterns = [path("", placeholder.soon, name="today")]
