// Says how many rows of the queues are new after they were fetched again, and marks them. htmx does the fetching, on
// the event that the bell gives when news arrives. Without this script a reload shows the same.

const keys = () => new Set([...document.querySelectorAll("[data-queues] [data-key]")].map((row) => row.dataset.key));

let known = keys();

document.addEventListener("htmx:afterSettle", () => {
  const rows = [...document.querySelectorAll("[data-queues] [data-key]")];
  const fresh = rows.filter((row) => !known.has(row.dataset.key));
  known = keys();
  const news = document.querySelector("[data-desk-news]");
  if (!news || fresh.length === 0) return;
  fresh.forEach((row) => row.setAttribute("data-new", ""));
  news.textContent = fresh.length === 1 ? news.dataset.one : `${news.dataset.more} ${fresh.length}`;
});
