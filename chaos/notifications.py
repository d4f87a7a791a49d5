"""Ten thousand notifications to a hundred open pages and their mailboxes, while server, worker, Redis and PostgreSQL
are killed at random. What was committed must be shown once, in order, and mailed.

    python3 dev.py chaos notifications [--count 10000] [--kills 50] [--people 100] [--seed 1]
"""

import argparse
import asyncio
import email
import os
import random
import re
import time
from collections import Counter, defaultdict

import psycopg

from benchmarks._results import finish, result
from benchmarks._sink import Sink
from benchmarks._stage import stage
from chaos._cast import cast
from chaos._pages import Page, post
from chaos._victims import company

ORIGIN = "http://localhost"
POSTERS = 3
LARGEST_AUDIENCE = 9
TRUTH = """
    select n.user_id, n.seq, n.event_id, i.last_seq from notifications_notification n
    join notifications_event e on e.id = n.event_id join notifications_inbox i on i.user_id = n.user_id
    where e.kind = 'chaos.word' order by n.user_id, n.seq"""
TOLD = """
    select e.id, u.value::bigint from notifications_event e, jsonb_array_elements_text(e.data->'to') as u
    where e.kind = 'chaos.word'"""
UNDELIVERED = "select count(*) from notifications_event where kind = 'chaos.word' and delivered_at is null"
LAST = "select user_id, last_seq from notifications_inbox"
UNSENT = "select count(*) from notifications_delivery where state = 'waiting'"


class Run:
    def __init__(self, arguments, made, people, sink):
        self.arguments, self.made, self.people, self.sink = arguments, made, people, sink
        self.chance = random.Random(arguments.seed)
        self.acknowledged = {}  # id of the event → whom it tells
        self.told = 0
        self.allowed = 0  # so many may be told before the next kill
        self.kills = Counter()

    # --- Telling ---

    async def poster(self, seed):
        """Publishes through the server like somebody at a form: what fails is tried again."""
        chance = random.Random(seed)
        while self.told < self.arguments.count:
            if self.told >= self.allowed:
                await asyncio.sleep(0.02)
                continue
            to = chance.sample(self.people["ids"], chance.randint(1, LARGEST_AUDIENCE))
            try:
                status, answer = await post(self.port, f"/tell?to={','.join(map(str, to))}")
            except (OSError, TimeoutError):
                await asyncio.sleep(0.2)
                continue
            if status == 200:
                self.acknowledged[int(answer)] = to
                self.told += len(to)
            else:
                await asyncio.sleep(0.2)

    # --- Killing ---

    async def killer(self, victims):
        """One kill for each stretch of the telling, at a random place in it; the last one after all was told."""
        names = sorted(victims)
        order = self.chance.sample(names, len(names))
        stretch = self.arguments.count / self.arguments.kills
        began = time.monotonic()
        for number in range(self.arguments.kills):
            is_last = number == self.arguments.kills - 1
            place = self.arguments.count if is_last else int((number + self.chance.random()) * stretch)
            self.allowed = self.arguments.count if is_last else int((number + 1) * stretch)
            while self.told < place:
                await asyncio.sleep(0.01)
            name = order[number] if number < len(order) else self.chance.choice(names)
            await asyncio.to_thread(victims[name].restart)
            self.kills[name] += 1
            print(f"{time.monotonic() - began:5.0f} s: {name} killed, {self.told} told", flush=True)
            if not is_last:
                await asyncio.to_thread(victims[name].wait)
                await asyncio.sleep(self.chance.random())
        return time.monotonic()

    async def supervisor(self, victims):
        while True:
            await asyncio.sleep(0.5)
            for name in ("daphne", "worker"):
                await asyncio.to_thread(victims[name].supervise)

    # --- Looking ---

    def ask(self, statement):
        with psycopg.connect(self.made.postgres.url, connect_timeout=2) as link:
            return link.execute(statement).fetchall()

    async def until(self, is_so, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if await asyncio.to_thread(is_so):
                    return True
            except psycopg.Error:
                pass  # killed a moment ago
            await asyncio.sleep(0.1)
        return False

    def is_shown(self):
        if self.ask(UNDELIVERED)[0][0]:
            return False
        last = dict(self.ask(LAST))
        return all(page.have == last.get(user_id, 0) for user_id, page in self.pages.items())

    async def play(self):
        with company(self.made) as victims:
            self.port = victims["daphne"].port
            self.pages = {
                user_id: Page(self.port, f"{self.people['cookie']}={key}", seed=user_id)
                for user_id, key in zip(self.people["ids"], self.people["sessions"], strict=True)
            }
            open_pages = [asyncio.create_task(page.stay()) for page in self.pages.values()]
            await self.until(lambda: all(page.standing.is_set() for page in self.pages.values()), 120)
            began = time.monotonic()
            watch = asyncio.create_task(self.supervisor(victims))
            async with asyncio.TaskGroup() as at_work:
                for number in range(POSTERS):
                    at_work.create_task(self.poster(self.arguments.seed * 100 + number))
                killing = at_work.create_task(self.killer(victims))
            last_kill = killing.result()
            await self.until(self.is_shown, 900)  # a slow machine is late, and has lost nothing
            self.caught_up = time.monotonic() - last_kill
            self.seconds = time.monotonic() - began
            await self.until(lambda: self.ask(UNSENT)[0][0] == 0, 900)
            truth, told = self.ask(TRUTH), self.ask(TOLD)
            for task in [watch, *open_pages]:
                task.cancel()
            self.deaths = victims["daphne"].deaths + victims["worker"].deaths
        return truth, told


def compare_pages(run, truth, told):
    """What was committed against what was stored and what was shown."""
    stored = defaultdict(dict)
    for user_id, seq, event_id, _last in truth:
        stored[user_id][seq] = str(event_id)
    shown = {user_id: page.shown for user_id, page in run.pages.items()}
    wanted = {(user_id, str(event_id)) for event_id, user_id in told}
    seen = Counter((user_id, title) for user_id, notices in shown.items() for title in notices.values())
    known = {event_id for event_id, _user_id in told}
    print(
        f"{sum(seen.values())} shown of {len(wanted)}; {sum(run.kills.values())} kills {dict(run.kills)} in "
        f"{run.seconds:.0f} s; {sum(page.reconnects for page in run.pages.values())} connections ended; load "
        f"{os.getloadavg()[0]:.1f}", flush=True,
    )  # fmt: skip
    result("chaos.kills", sum(run.kills.values()), ">=", run.arguments.kills)
    result("chaos.told", len(wanted), ">=", run.arguments.count)
    result("chaos.answered_but_not_kept", len(set(run.acknowledged) - known), "==", 0)
    result("chaos.lost", len(wanted - set(seen)), "==", 0)
    result("chaos.doubled", sum(seen.values()) - len(seen) + len(set(seen) - wanted), "==", 0)
    result("chaos.out_of_order", sum(page.skipped for page in run.pages.values()), "==", 0)
    result("chaos.shown_unlike_stored", sum(shown[user_id] != stored[user_id] for user_id in shown), "==", 0)
    result("chaos.signed_out_by_mistake", sum(page.signed_out for page in run.pages.values()), "==", 0)
    result("chaos.processes_that_ended_by_themselves", run.deaths, "==", 0)
    result("chaos.seconds_to_catch_up_after_the_last_kill", round(run.caught_up, 1), "<=", 10)
    return wanted


def titles_of(letter):
    """Of a letter's news, which may be several pieces: a title is the number of its event, alone on its line."""
    text = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    return re.findall(r"^(\d+)\s*$", text.get_payload(decode=True).decode(), re.MULTILINE)


def compare_mails(run, wanted):
    address = {f"osoba{number}@example.org": user_id for number, user_id in enumerate(run.people["ids"])}
    letters = defaultdict(list)
    for text in run.sink.letters:
        letter = email.message_from_bytes(text)
        reader = address[re.search(r"[\w.]+@[\w.]+", letter["To"]).group()]
        for title in titles_of(letter):
            letters[reader, title].append(letter["Message-ID"])
    again = sum(len(ids) - 1 for ids in letters.values())
    result("chaos.mails_lost", len(wanted - set(letters)), "==", 0)
    result("chaos.mails_nobody_asked_for", len(set(letters) - wanted), "==", 0)
    result("chaos.mails_doubled_percent", round(100 * again / max(len(wanted), 1), 3), "<=", 0.5)
    result("chaos.mails_doubled_under_another_id", sum(len(set(ids)) - 1 for ids in letters.values()), "==", 0)


async def main(arguments):
    sink = await Sink().start()
    with stage("server", keeps_commits=True, pages=False) as made:
        made.environment.update(
            LOG_LEVEL="CRITICAL",
            DJANGO_SETTINGS_MODULE="chaos._settings",
            SOCKET_ORIGINS=ORIGIN,
            EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
        )
        run = Run(arguments, made, cast(made, arguments.people), sink)
        truth, told = await run.play()
    compare_mails(run, compare_pages(run, truth, told))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(main(parser.parse_args()))
    finish()
