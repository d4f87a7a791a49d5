"""All addresses. Public paths are Polish in every language: they stand on posters and are read out on the phone."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from accounts.views import entrance
from cms.addresses import page_tree
from config import metrics, views


def anymail_urls():
    from anymail.urls import urlpatterns  # noqa: PLC0415 -- in the production extra only

    return urlpatterns


urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("marka.css", views.brand_css, name="brand_css"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("service-worker.js", views.service_worker, name="service_worker"),
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

if settings.MAIL_SERVICE:
    # Reports of the mail service on letters that have left; its own secret guards them.
    urlpatterns.insert(0, path("poczta/", include(decorate_urlpatterns(anymail_urls(), login_not_required))))

handler500 = "config.views.server_error"
