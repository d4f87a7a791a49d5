// Keeps the page for days without a network up to date, and forgets it when nobody is signed in any more.
// Without this script everything works as long as there is a network.
const isSignedIn = document.querySelector("[data-bell]") !== null;
const EVERY = 10 * 60_000;
const MARK = "ogniwo-offline-kept";

async function start() {
  const known = await navigator.serviceWorker.getRegistration("/");
  if (!isSignedIn) {
    localStorage.removeItem(MARK);
    known?.active?.postMessage("forget");
    return;
  }
  const worker = known ?? (await navigator.serviceWorker.register("/service-worker.js", { scope: "/" }));
  const { active } = await navigator.serviceWorker.ready;
  if (Date.now() - Number(localStorage.getItem(MARK)) < EVERY) return;
  localStorage.setItem(MARK, String(Date.now()));
  (active ?? worker.active)?.postMessage("keep");
}

if ("serviceWorker" in navigator) start().catch(() => {});

// Whoever signs out leaves nothing behind, also where the next page never comes.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-signs-out]") || !("caches" in window)) return;
  localStorage.removeItem(MARK);
  caches.delete("ogniwo-offline");
});
