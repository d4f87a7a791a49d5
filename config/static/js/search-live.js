// Keeps the search for a helper as it is now: who was asked, what they answered, when the next step comes. Asks for that
// part of the page while somebody looks at it. Without this script a reload shows the same.

const PAUSE = 1500;

const swap = (part, fresh) => {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceChildren(fresh);
  if (focused) document.getElementById(focused)?.focus();
};

const look = async (part) => {
  const answer = await fetch(part.dataset.searchLive, { headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-search-now]");
  // Where the person was signed out meanwhile, the answer is another page: what is shown stays as it was.
  if (!fresh || fresh.dataset.searchNow === part.querySelector("[data-search-now]").dataset.searchNow) return;
  swap(part, fresh);
};

for (const part of document.querySelectorAll("[data-search-live]")) {
  const again = async () => {
    if (!document.hidden) await look(part).catch(() => {});
    setTimeout(again, PAUSE);
  };
  setTimeout(again, PAUSE);
}
