"""Public addresses of the CMS beside its pages."""

from django.urls import path

from cms.views import posters, serve

app_name = "cms"
urlpatterns = [
    path("media/images/<path:path>", serve.serve_photo, name="photo"),
    path("inicjatywy/<slug:slug>/plakat.pdf", posters.poster, name="poster"),
]
