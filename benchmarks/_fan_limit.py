"""The limit: a bare server of websockets that hands on what Redis tells it, and knows nobody."""

import sys

import redis.asyncio
import uvloop
from websockets.asyncio.server import broadcast, serve


async def main(port, url):
    connections = set()

    async def keep(connection):
        connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            connections.discard(connection)

    subscriber = redis.asyncio.from_url(url).pubsub(ignore_subscribe_messages=True)
    await subscriber.subscribe("limit")
    async with serve(keep, "127.0.0.1", port, compression=None, ping_interval=None, backlog=1024):
        async for message in subscriber.listen():
            broadcast(connections, message["data"].decode())


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
