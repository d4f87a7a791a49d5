// Keeps an open conversation in step: new messages are put in by themselves, each once and in order, and sending does
// not load the page again. What was typed stays until the server has it. Without this script a reload shows the same.

const thread = document.querySelector("[data-thread]");
if (thread?.hasAttribute("data-thread-live")) start(thread);

function start(thread) {
  const list = thread.querySelector("[data-thread-list]");
  const LOOK_WHEN_MUTED = 30_000;
  const KIND = thread.dataset.kind ?? "volunteering.conversation_";
  let last = Number(thread.dataset.last);
  let looking = null;
  let lookAgain = false;

  // --- Messages come in ---

  // Rows that are here already are dropped; the others go to their place by number. Returns how many were new.
  function putIn(html) {
    const rows = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelectorAll("[data-message]");
    let count = 0;
    for (const row of rows) {
      const number = Number(row.dataset.message);
      if (list.querySelector(`[data-message="${number}"]`)) continue;
      const next = [...list.children].find((other) => Number(other.dataset.message) > number);
      list.insertBefore(document.importNode(row, true), next ?? null);
      thread.hidden = false;
      last = Math.max(last, number);
      count += 1;
    }
    return count;
  }

  // One question at a time; news that comes meanwhile asks once more. Says whether it was about this conversation.
  async function look() {
    if (looking) {
      lookAgain = true;
      return looking;
    }
    looking = ask();
    try {
      return await looking;
    } finally {
      looking = null;
      if (lookAgain) {
        lookAgain = false;
        look();
      }
    }
  }

  async function ask() {
    const hidden = document.hidden ? "&ukryta=1" : "";
    try {
      const answer = await fetch(`${thread.dataset.url}?po=${last}${hidden}`, { redirect: "error" });
      if (!answer.ok) return false;
      const isNear = window.innerHeight + window.scrollY > list.getBoundingClientRect().bottom + window.scrollY - 80;
      const count = putIn(await answer.text());
      if (count > 0 && isNear) list.lastElementChild.scrollIntoView({ block: "nearest" });
      return count > 0 || Number(answer.headers.get("X-Seen")) > 0;
    } catch {
      return false; // the bell says that the connection is lost, and the next news asks again
    }
  }

  document.addEventListener("ogniwo:notice", (event) => {
    if (!event.detail.kind.startsWith(KIND)) return;
    event.preventDefault(); // whoever has it before their eyes needs no toast
    look().then((isHere) => {
      if (!isHere) event.detail.show();
    });
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  window.addEventListener("online", look);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
  if (thread.hasAttribute("data-thread-muted")) {
    window.setInterval(() => {
      if (!document.hidden) look();
    }, LOOK_WHEN_MUTED);
  }

  // --- Messages go out ---

  const form = document.querySelector("[data-thread-form]");
  if (!form) return;
  const problem = form.querySelector("[data-thread-problem]");
  const text = form.elements.text;
  let isSending = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isSending) send();
  });

  async function send() {
    isSending = true;
    const button = form.querySelector("[type=submit]");
    button.setAttribute("aria-disabled", "true");
    problem.hidden = true;
    problem.replaceChildren();
    const letter = new FormData(form);
    letter.set("po", String(last));
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: letter,
        headers: { "X-Live": "1" },
        redirect: "error",
      });
      if (answer.ok) sent(await answer.text(), answer.headers.get("X-Next-Key"));
      else if (answer.status === 409) refused(await answer.text());
      else say(form.dataset.textFailed);
    } catch {
      say(form.dataset.textLost);
    } finally {
      isSending = false;
      button.removeAttribute("aria-disabled");
    }
  }

  // The same key goes with every attempt, so an answer that was lost on its way does not make a second message.
  function sent(html, nextKey) {
    putIn(html);
    form.reset();
    form.elements.key.value = nextKey;
    form.querySelector("[data-thread-photo]").open = false;
    list.lastElementChild.scrollIntoView({ block: "nearest" });
    text.focus({ preventScroll: true });
  }

  function refused(html) {
    problem.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    problem.hidden = false;
  }

  function say(words) {
    const paragraph = document.createElement("p");
    paragraph.textContent = words;
    problem.replaceChildren(paragraph);
    problem.hidden = false;
  }
}
