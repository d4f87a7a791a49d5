"""The real application under Daphne, with doors for chaos: POST /tell?to=1,2,3 publishes as a view does."""

from urllib.parse import parse_qs

from channels.db import database_sync_to_async

from chaos._news import DOORS
from config.asgi import application as real


async def application(scope, receive, send):
    if scope["type"] != "http" or scope["path"] not in DOORS:
        await real(scope, receive, send)
        return
    to = [int(word) for word in parse_qs(scope["query_string"].decode())["to"][0].split(",")]
    try:
        status, answer = 200, str(await database_sync_to_async(DOORS[scope["path"]])(to))
    except Exception as error:  # noqa: BLE001 -- whatever it was, the caller must hear of it
        status, answer = 503, repr(error)
    headers = [(b"content-length", str(len(answer.encode())).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.encode()})
