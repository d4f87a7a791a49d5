"""Public addresses of the CMS beside its pages."""

from django.urls import path

from cms.views import searching, serve

app_name = "cms"
urlpatterns = [
    path("media/images/<path:path>", serve.serve_photo, name="photo"),
    path("szukaj/", searching.search, name="search"),
]
