"""All addresses. Public paths are Polish in every language: they stand on posters and are read out on the phone."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from accounts.views import entrance
from cms.addresses import page_tree
from config import metrics, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("marka.css", views.brand_css, name="brand_css"),
    path("konto/wyglad/", views.appearance, name="appearance"),
    path("styl/", include("config.style_page")),
    path("cms/login/", entrance.to_sign_in),  # Wagtail's own asks for a password
    path("", include("cms.urls")),
    path("cms/", include("cms.admin_urls")),
    path("dokumenty/", include(decorate_urlpatterns(wagtaildocs_urls.urlpatterns, login_not_required))),
    path("konto/", include("accounts.urls")),
    path("konto/", include("accounts.sign_in_urls")),
    path("moje/powiadomienia/", include("notifications.urls")),
    path("biurko/", include("volunteering.desk.urls")),
    path("", include("volunteering.urls")),
    page_tree(),
]

handler500 = "config.views.server_error"
