"""A service in the words of schema.org, for search engines and for other registers of services."""

from django.urls import reverse


def structured(page, request):
    """GovernmentService as a dictionary; names and contacts only that stand on the page as well."""
    centre = request.municipality
    described = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": page.title,
        "description": page.lead,
        "url": page.get_full_url(request),
        "serviceType": [area.name for area in page.areas.all()],
        "audience": [{"@type": "Audience", "audienceType": audience.name} for audience in page.audiences.all()],
        "areaServed": [{"@type": "Place", "name": name} for name in places(page, centre)],
        "offers": {"@type": "Offer", "description": page.cost},
    }
    if centre is not None:
        described["provider"] = provider(page, centre)
        described["serviceOperator"] = {"@type": "GovernmentOrganization", "name": centre.centre_name}
        described["availableChannel"] = channel(page, centre, request)
    return {name: value for name, value in described.items() if value}


def places(page, centre):
    named = [neighbourhood.name for neighbourhood in page.neighbourhoods.all()]
    return named or ([centre.name] if centre else [])


def provider(page, centre):
    if page.organisation_id or page.provider:
        return {"@type": "Organization", "name": page.organisation.name if page.organisation_id else page.provider}
    return {"@type": "GovernmentOrganization", "name": centre.centre_name}


def channel(page, centre, request):
    phone = page.contact_phone or centre.phone
    return {
        "@type": "ServiceChannel",
        "serviceUrl": request.build_absolute_uri(reverse("volunteering:ask")),
        "servicePhone": {"@type": "ContactPoint", "telephone": str(phone)},
    }
