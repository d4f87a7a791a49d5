"""Public addresses of the CMS beside its pages."""

from django.urls import path

from cms.views import discovery, serve

app_name = "cms"
urlpatterns = [
    path("media/images/<path:path>", serve.serve_photo, name="photo"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("robots.txt", discovery.robots, name="robots"),
    path("kanaly/aktualnosci.<slug:language>.xml", discovery.news_feed, name="news_feed"),
]
