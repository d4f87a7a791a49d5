"""Where somebody without an account writes from, so that nobody floods a centre."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.utils.crypto import salted_hmac


def source_of(request):
    """Where a request comes from, as a keyed digest: it can be counted, but not read. A whole home network of the newer
    kind of addresses counts as one place."""
    address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    prefix = 64 if address.version == 6 else 32
    network = ipaddress.ip_network((address, prefix), strict=False)
    return salted_hmac("ogniwo.intake", str(network), algorithm="sha256").hexdigest()[:32]
