"""Addresses of sockets."""

from django.urls import path, re_path

from notifications.consumers import InboxConsumer


async def refuse(scope, receive, send):
    """Any other address: refused without a word."""
    await receive()
    await send({"type": "websocket.close"})


websocket_urlpatterns = [
    path("ws/notifications/", InboxConsumer.as_asgi(), name="socket"),
    re_path(r"", refuse),
]
