// Keeps the bell, the list of notifications and the other open tabs in step with the inbox, without reloading.
// Without this script, or without a connection, every page shows the same after a reload.
//
// Others may listen for "ogniwo:notice" on the document: detail is {kind, url, seq, show}, once for each notice. Whoever
// prevents its default says that the page shows the news by itself; `show()` says it in a toast after all.

const bell = document.querySelector("[data-bell]");
if (bell) start(bell);

function start(bell) {
  const HEARTBEAT = 60_000;
  const ACKNOWLEDGE_EVERY = 50;
  const SAY_LOST_AFTER = 10_000;
  const LONGEST_PAUSE = 8_000;
  const ANSWER_WITHIN = 10_000;
  const SIGNED_OUT = 4401;
  const GAVE_WAY = 4409;

  const words = bell.dataset;
  let have = Number(words.seq);
  let unread = Number(words.unread);
  let countedUpTo = have;

  let socket = null;
  let failures = 0;
  let later = 0;
  let retryTimer = null;
  let lostTimer = null;
  let answerTimer = null;
  let unacknowledged = 0;
  let isOver = false;
  let isWaitingForEyes = false;

  // --- What is shown ---

  const count = bell.querySelector("[data-bell-count]");
  const countFrame = bell.querySelector("[data-bell-unread]");

  function showCount() {
    count.textContent = unread > 99 ? "99+" : String(unread);
    countFrame.hidden = unread === 0;
    const readAll = document.querySelector("[data-inbox-read-all]");
    if (readAll) readAll.hidden = unread === 0;
  }

  // Each number once, in order: what comes again, from the server or from another tab, is dropped here.
  function take(notice) {
    if (notice.seq <= have) return false;
    have = notice.seq;
    if (notice.seq > countedUpTo) {
      unread += 1;
      countedUpTo = notice.seq;
    }
    showCount();
    putIntoList(notice);
    const { kind, url, seq } = notice;
    const show = () => sayInToast(notice);
    const event = new CustomEvent("ogniwo:notice", { cancelable: true, detail: { kind, url, seq, show } });
    if (document.dispatchEvent(event)) show();
    return true;
  }

  function putIntoList(notice) {
    const live = document.querySelector("[data-inbox-live]");
    if (!live) return;
    const list = live.querySelector("[data-inbox-list]");
    if (list.querySelector(`[data-seq="${Number(notice.seq)}"]`)) return;
    const item = live.querySelector("[data-inbox-item]").content.firstElementChild.cloneNode(true);
    item.dataset.seq = notice.seq;
    const title = item.querySelector("[data-item-title]");
    title.textContent = notice.title;
    title.href = notice.url;
    for (const text of paragraphs(notice.body)) {
      const paragraph = document.createElement("p");
      paragraph.textContent = text;
      item.querySelector("[data-item-body]").append(paragraph);
    }
    const time = item.querySelector("[data-item-time]");
    time.textContent = notice.when;
    time.dateTime = notice.at;
    item.querySelector("[data-item-name]").textContent = `: ${notice.title}`;
    item.querySelector("[data-item-form]").action = `${notice.url}przeczytane/`;
    const older = [...list.children].find((other) => Number(other.dataset.seq) < notice.seq);
    list.insertBefore(item, older ?? null);
    list.hidden = false;
    live.querySelector("[data-inbox-empty]")?.remove();
    const upTo = document.querySelector("[data-inbox-up-to]");
    if (upTo) upTo.value = String(have);
  }

  const paragraphs = (body) => body.split(/\n\s*\n/).map((text) => text.trim()).filter(Boolean);

  // --- Toasts: three at most, then one that says there are more ---

  const region = document.querySelector("[data-toasts]");
  const TOAST_SECONDS = 12;
  const TOASTS = 3;

  function sayInToast(notice) {
    if (!region) return;
    if (region.querySelector("[data-toast='many']")) return;
    if (region.querySelectorAll("[data-toast='notice']").length >= TOASTS) {
      region.querySelectorAll("[data-toast='notice']").forEach((toast) => toast.remove());
      toast("many", words.textMany, words.inboxUrl, TOAST_SECONDS);
      return;
    }
    toast("notice", notice.title, notice.url, TOAST_SECONDS);
  }

  function toast(kind, text, url, stays) {
    if (!region) return;
    const box = document.createElement("div");
    box.className = "toast";
    box.dataset.toast = kind;
    const title = document.createElement("p");
    title.className = "toast__title";
    title.textContent = text;
    const actions = document.createElement("p");
    actions.className = "toast__actions";
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.className = "link-button";
      link.textContent = words.textOpen;
      actions.append(link);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "link-button";
    close.textContent = words.textClose;
    close.addEventListener("click", () => box.remove());
    actions.append(close);
    box.append(title, actions);
    region.append(box);
    if (stays) leaveAfter(box, stays);
  }

  // Only seconds count in which somebody may read it: not while the tab is hidden, nor while it is pointed at.
  function leaveAfter(box, seconds) {
    let left = seconds;
    const clock = window.setInterval(() => {
      if (document.hidden || box.matches(":hover") || box.contains(document.activeElement)) return;
      left -= 1;
      if (left > 0 && box.isConnected) return;
      window.clearInterval(clock);
      box.remove();
    }, 1_000);
  }

  const dismiss = (kind) => region?.querySelectorAll(`[data-toast="${kind}"]`).forEach((toast) => toast.remove());

  // --- Other tabs of the same person ---

  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`ogniwo-inbox-${words.reader}`) : null;

  tabs?.addEventListener("message", ({ data }) => {
    // Only the very next one: what is missing in between comes through this tab's own socket.
    if (data.notice && data.notice.seq === have + 1) take(data.notice);
    if (data.standing && data.standing.up_to >= countedUpTo) setStanding(data.standing);
    // That one has a connection again, so this one need not wait longer.
    if (data.standing && retryTimer) connect();
  });

  function setStanding(standing) {
    unread = standing.unread;
    countedUpTo = Math.max(countedUpTo, standing.up_to);
    showCount();
  }

  // --- The socket ---

  function connect() {
    window.clearTimeout(retryTimer);
    retryTimer = null;
    if (isOver || socket) return;
    isWaitingForEyes = false;
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const language = encodeURIComponent(document.documentElement.lang);
    const own = new WebSocket(`${scheme}://${window.location.host}${words.socket}?language=${language}`);
    socket = own;
    own.addEventListener("open", () => {
      if (own === socket) say("have");
    });
    own.addEventListener("message", (event) => {
      if (own === socket) hear(JSON.parse(event.data));
    });
    own.addEventListener("close", (event) => {
      if (own === socket) ended(event.code);
    });
  }

  function say(verb) {
    if (socket?.readyState !== WebSocket.OPEN) return;
    unacknowledged = 0;
    socket.send(JSON.stringify({ [verb]: have }));
  }

  // An answer is due: where none comes the connection is dead, although it looks open (after a computer's sleep).
  function ask() {
    say("have");
    window.clearTimeout(answerTimer);
    answerTimer = window.setTimeout(drop, ANSWER_WITHIN);
  }

  function hear(message) {
    window.clearTimeout(answerTimer);
    if ("seq" in message) {
      hearNotice(message);
    } else if ("unread" in message) {
      connected();
      setStanding(message);
      tabs?.postMessage({ standing: message });
    } else if ("jump" in message) {
      if (message.jump > have + 1) toast("removed", words.textRemoved, null, TOAST_SECONDS);
      have = Math.max(have, message.jump - 1);
    } else if ("reset" in message) {
      have = message.reset;
      countedUpTo = message.reset;
    } else if ("later" in message) {
      later = message.later;
    }
  }

  function hearNotice(notice) {
    // Another tab may have told of it already. A gap means that something is wrong: begin again from what is here.
    if (notice.seq > have + 1) {
      drop();
      return;
    }
    if (take(notice)) tabs?.postMessage({ notice });
    unacknowledged += 1;
    if (unacknowledged >= ACKNOWLEDGE_EVERY) say("got");
  }

  function connected() {
    failures = 0;
    window.clearTimeout(lostTimer);
    lostTimer = null;
    if (region?.querySelector("[data-toast='lost']")) {
      dismiss("lost");
      toast("back", words.textBack, null, TOAST_SECONDS / 2);
    }
  }

  function drop() {
    const own = socket;
    ended(0);
    own?.close();
  }

  function ended(code) {
    socket = null;
    window.clearTimeout(answerTimer);
    if (code === SIGNED_OUT) {
      isOver = true;
      window.clearTimeout(lostTimer);
      dismiss("lost");
      toast("signed-out", words.textSignedOut, null, 0);
      return;
    }
    if (code === GAVE_WAY && document.hidden) {
      // Very many tabs are open: this one listens to the others until somebody looks at it.
      isWaitingForEyes = true;
      return;
    }
    lostTimer ??= window.setTimeout(() => toast("lost", words.textLost, null, 0), SAY_LOST_AFTER);
    retryTimer = window.setTimeout(connect, 1_000 * later || backOff());
    later = 0;
  }

  // With full jitter, so that pages which lost the same server do not all come back in the same moment. Where too many
  // come nevertheless the server gives each a turn (config/arrivals.py).
  function backOff() {
    const pause = Math.random() * Math.min(LONGEST_PAUSE, 500 * 2 ** failures);
    failures += 1;
    return pause;
  }

  // --- When to look again ---

  function lookNow() {
    if (isOver) return;
    if (socket) {
      ask();
    } else {
      failures = 0;
      connect();
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) lookNow();
  });
  window.addEventListener("online", lookNow);
  // Back from the browser's memory: the page is old, its number is not.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) lookNow();
  });
  window.addEventListener("pagehide", () => {
    const own = socket;
    socket = null;
    own?.close();
  });
  window.setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN) ask();
    else if (!socket && !retryTimer && !isWaitingForEyes) connect();
  }, HEARTBEAT);

  connect();
}
