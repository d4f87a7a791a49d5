"""Addresses of people's own settings."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [path("start/", views.landing, name="landing")]
