"""A websocket as a page of ours uses it, cheap enough that one process plays thousands of pages."""

import asyncio
import base64
import json
import os
from time import time

HOST = "localhost"
PATH = "/ws/notifications/"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
LONG, HUGE = 126, 127


class Wire(asyncio.Protocol):
    """`opened` and `closed` are futures: the moment of the handshake, and the code the server closed with (None where
    the connection just ended). Texts reach `heard(text)` and are kept nowhere."""

    def __init__(self, heard, *, cookie="", path=PATH, origin=f"http://{HOST}"):
        loop = asyncio.get_running_loop()
        self.heard = heard
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {origin}\r\nCookie: {cookie}\r\n\r\n"
        ).encode()
        self.opened, self.closed = loop.create_future(), loop.create_future()
        self.buffer = bytearray()
        self.is_open = False

    @classmethod
    async def open(cls, port, heard, *, patience=30, **options):
        """An open socket; raises OSError or TimeoutError where there is none to be had."""
        async with asyncio.timeout(patience):
            loop = asyncio.get_running_loop()
            _transport, wire = await loop.create_connection(lambda: cls(heard, **options), "127.0.0.1", port)
            try:
                await wire.opened
            except BaseException:
                wire.transport.abort()
                raise
        return wire

    def say(self, **number):
        self.send(TEXT, json.dumps(number).encode())

    def send(self, opcode, payload):
        if self.transport.is_closing():
            return
        size = len(payload)
        length = bytes([0x80 | size]) if size < LONG else bytes([0x80 | LONG]) + size.to_bytes(2, "big")
        # A mask of zeros is a mask: what is sent stays readable, and costs nothing.
        self.transport.write(bytes([0x80 | opcode]) + length + b"\0\0\0\0" + payload)

    def leave(self):
        self.transport.abort()

    # --- What asyncio calls ---

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def connection_lost(self, _error):
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the server hung up"))
        if not self.closed.done():
            self.closed.set_result(None)

    def data_received(self, data):
        self.buffer += data
        if not self.is_open and not self._shake_hands():
            return
        while (frame := self._next_frame()) is not None:
            self._take(*frame)

    def _shake_hands(self):
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = bytes(self.buffer[: self.buffer.find(b"\r\n")])
        del self.buffer[: end + 4]
        if b" 101 " not in status:
            if not self.opened.done():
                self.opened.set_exception(ConnectionError(status.decode()))
            self.transport.abort()
            return False
        self.is_open = True
        if not self.opened.done():
            self.opened.set_result(time())
        return True

    def _next_frame(self):
        buffer = self.buffer
        if len(buffer) < 2:
            return None
        length, begin = buffer[1] & 0x7F, 2
        if length >= LONG:
            begin = 4 if length == LONG else 10
            length = int.from_bytes(buffer[2:begin], "big")
        if len(buffer) < begin + length:
            return None
        opcode, payload = buffer[0] & 0x0F, bytes(buffer[begin : begin + length])
        del buffer[: begin + length]
        return opcode, payload

    def _take(self, opcode, payload):
        if opcode == TEXT:
            self.heard(payload)
        elif opcode == PING:
            self.send(PONG, payload)
        elif opcode == CLOSE:
            if not self.closed.done():
                self.closed.set_result(int.from_bytes(payload[:2], "big") if payload else None)
            self.transport.close()
