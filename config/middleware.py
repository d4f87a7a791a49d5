"""Middleware of the whole site."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpResponseNotAllowed


def refuse_trace(get_response):
    """TRACE echoes a request back, cookies included; no view of ours needs it."""
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    def middleware(request):
        return get_response(request) if request.method in methods else HttpResponseNotAllowed(methods)

    return middleware


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere; a looser one under the CMS prefix, whose editor writes inline code."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(settings.CMS_PREFIX) and not report_only:
            return PolicyParts(parts.config, settings.CMS_CONTENT_SECURITY_POLICY, parts.replace, parts.nonce)
        return parts
