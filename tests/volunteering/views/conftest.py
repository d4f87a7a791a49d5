"""What tests of views share."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries_of():
    """How many queries on the tables of this app a page costs; what the frame of all pages asks is not counted here."""

    def count(client, path):
        client.get(path)
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return sum('"volunteering_' in query["sql"] for query in queries)

    return count
