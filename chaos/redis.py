"""Redis goes away under many open pages, for a moment, for a minute, for ever: what is heard, how late, and what the
server answers meanwhile.

    python3 dev.py chaos redis [--sockets 500] [--away 0,4,60] [--forever 20]
"""

import argparse
import asyncio
import os
import random
import resource
import time

import uvloop

from benchmarks._results import finish, result
from benchmarks._stage import stage
from chaos._cast import cast
from chaos._pages import Page, post
from chaos._victims import company

ORIGIN = "http://localhost"
AUDIENCE = 10
PAUSE = 0.5
SETTLED = 30
AT_ONCE = 20
PATIENCE = 30


class Run:
    def __init__(self, people, port, seed):
        self.people, self.port = people, port
        self.chance = random.Random(seed)
        self.pages = {
            user_id: Page(port, f"{people['cookie']}={key}", seed=user_id)
            for user_id, key in zip(people["ids"], people["sessions"], strict=True)
        }
        self.told = {}  # id of the event → (moment of the answer, whom it tells)
        self.refused = self.unanswered = 0

    async def open(self):
        """The pages come a few at a time, and stay."""
        tasks = []
        pages = list(self.pages.values())
        for first in range(0, len(pages), AT_ONCE):
            tasks += [asyncio.create_task(page.stay()) for page in pages[first : first + AT_ONCE]]
            async with asyncio.timeout(300):
                await asyncio.gather(*(page.standing.wait() for page in pages[first : first + AT_ONCE]))
        return tasks

    async def tell(self, to):
        try:
            status, answer = await post(self.port, f"/tell?to={','.join(map(str, to))}")
        except (OSError, TimeoutError):
            self.unanswered += 1
            return
        if status == 200:
            self.told[answer] = time.time(), to
        else:
            self.refused += 1

    async def tell_for(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await self.tell(self.chance.sample(self.people["ids"], AUDIENCE))
            await asyncio.sleep(PAUSE)

    async def tell_everybody(self):
        """One event for every ten people, so that each page hears once."""
        ids = self.people["ids"]
        before = set(self.told)
        for first in range(0, len(ids), AUDIENCE):
            await self.tell(ids[first : first + AUDIENCE])
        return set(self.told) - before

    def lateness(self, events):
        """Seconds between the answer and the page, for each page and event that has arrived; and how many have not."""
        seen = {
            (user_id, title): page.moments[seq]
            for user_id, page in self.pages.items()
            for seq, title in page.shown.items()
        }
        late, missing = [], 0
        for event in events:
            moment, to = self.told[event]
            for user_id in to:
                if (user_id, event) in seen:
                    late.append(max(0.0, seen[user_id, event] - moment))
                else:
                    missing += 1
        return late, missing

    async def heard(self, events):
        """Waits until every page has these; returns how late they came and how many never did."""
        until = time.monotonic() + PATIENCE
        while self.lateness(events)[1] and time.monotonic() < until:
            await asyncio.sleep(0.5)
        return self.lateness(events)


def report(name, run, events, late, missing):
    latest = max(late, default=0.0)
    print(f"{name}: {len(events)} events, latest {latest:.1f} s; load {os.getloadavg()[0]:.1f}", flush=True)
    result(f"redis.{name}.lost", missing, "==", 0)
    result(f"redis.{name}.latest_s", round(latest, 1), "<=", 6)
    result(f"redis.{name}.answers_5xx", run.refused, "==", 0)
    result(f"redis.{name}.answers_missing", run.unanswered, "==", 0)
    run.refused = run.unanswered = 0


async def away(run, redis, seconds):
    """Redis dies and is back after so many seconds; half a minute later no page may be deaf."""
    before = set(run.told)
    redis.kill()
    if seconds:
        await run.tell_for(seconds)
    redis.start()
    await run.tell_for(3)
    events = set(run.told) - before
    report(f"away_{seconds}s", run, events, *await run.heard(events))
    await asyncio.sleep(max(0, SETTLED - PATIENCE / 2))
    events = await run.tell_everybody()
    late, deaf = await run.heard(events)
    result(f"redis.back_after_{seconds}s.deaf_sockets", deaf, "==", 0)
    # Faster than the hub's look: it is the doorbell that is heard again, not only the database.
    result(f"redis.back_after_{seconds}s.median_s", round(sorted(late)[len(late) // 2], 2), "<=", 1.0)


async def main(arguments, made, people):
    with company(made, with_worker=False) as victims:
        run = Run(people, victims["daphne"].port, arguments.seed)
        pages = await run.open()
        for seconds in map(int, arguments.away.split(",")):
            await away(run, victims["redis"], seconds)
        before = set(run.told)
        victims["redis"].kill()
        await run.tell_for(arguments.forever)
        events = set(run.told) - before
        report("for_ever", run, events, *await run.heard(events))
        every = run.pages.values()
        result("redis.doubled", sum(len(page.shown) - len(set(page.shown.values())) for page in every), "==", 0)
        result("redis.out_of_order", sum(page.skipped for page in every), "==", 0)
        result("redis.sockets_closed", sum(page.reconnects for page in every), "==", 0)
        for task in pages:
            task.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--away", default="0,4,60")
    parser.add_argument("--forever", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with stage("server", pages=False) as installation:
        installation.environment.update(
            LOG_LEVEL="CRITICAL", DJANGO_SETTINGS_MODULE="chaos._settings", SOCKET_ORIGINS=ORIGIN
        )
        uvloop.run(main(chosen, installation, cast(installation, chosen.sockets)))
    finish()
