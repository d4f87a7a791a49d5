"""A mail server that takes everything and keeps it in memory, or misbehaves as it is told."""

import asyncio
import sys


class Sink:
    """`letters` are the texts taken in. `mood(stage)` is asked before each answer (a stage is a verb, or "END" after
    the text): it may return an answer of its own, "" to hang up, or nothing; and it may take its time."""

    def __init__(self, mood=None):
        self.letters = []
        self.mood = mood
        self.port = None

    async def start(self, port=0):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", port, backlog=100)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def serve(self, reader, writer):
        try:
            await self.talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # a client that was killed
        finally:
            writer.close()

    async def talk(self, reader, writer):
        if not await self.answer(writer, "CONNECT", "220 sink"):
            return
        while line := await reader.readline():
            verb = line.split()[0].decode().upper() if line.split() else ""
            usual = {"QUIT": "221 bye", "DATA": "354 go on"}.get(verb, "250 ok")
            if not await self.answer(writer, verb, usual) or verb == "QUIT":
                return
            if verb == "DATA" and not await self.take(reader, writer):
                return

    async def take(self, reader, writer):
        text = await reader.readuntil(b"\r\n.\r\n")
        self.letters.append(text)
        return await self.answer(writer, "END", "250 taken")

    async def answer(self, writer, stage, usual):
        """Whether the connection goes on."""
        own = await self.mood(stage) if self.mood else None
        if own == "":
            return False
        writer.write(f"{own or usual}\r\n".encode())
        await writer.drain()
        return True


async def main(port):
    sink = await Sink().start(port)
    print(sink.port, flush=True)
    async with sink.server:
        await sink.server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
