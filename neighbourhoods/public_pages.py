"""The mark of views whose answer is the same for every anonymous visitor."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required


def public_page(view):
    """Decorator: the view is open to all, and `config.page_cache` may keep what it answers to anonymous visitors."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    wrapper.is_public_page = True
    return login_not_required(wrapper)
