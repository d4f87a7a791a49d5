// Says which queues have grown after they were fetched again, and marks the new rows. htmx does the fetching, on the
// event that the bell gives when news arrives. Without this script a reload shows the same.

const look = () => ({
  totals: new Map([...document.querySelectorAll("[data-queue]")].map((queue) => [queue.dataset.queue, Number(queue.dataset.total)])),
  keys: new Set([...document.querySelectorAll("[data-queues] [data-key]")].map((row) => row.dataset.key)),
});

let before = look();

document.addEventListener("htmx:afterSettle", () => {
  const after = look();
  for (const row of document.querySelectorAll("[data-queues] [data-key]")) {
    if (!before.keys.has(row.dataset.key)) row.setAttribute("data-new", "");
  }
  const grown = [...document.querySelectorAll("[data-queue]")]
    .map((queue) => [queue.dataset.title, Number(queue.dataset.total) - (before.totals.get(queue.dataset.queue) || 0)])
    .filter(([, more]) => more > 0)
    .map(([title, more]) => `${title} (${more})`);
  before = after;
  const news = document.querySelector("[data-desk-news]");
  if (news && grown.length > 0) news.textContent = `${news.dataset.text} ${grown.join(", ")}`;
});

// Where the person was signed out meanwhile, the answer is another page: the queues stay as they were.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.serverResponse.includes("data-queues")) event.detail.shouldSwap = false;
});
