// Shows word that came while the page was closed, and a page without a network: the last known visits and the centre's
// phone. It keeps nothing else: every other page comes from the server as always.
const KEPT = "ogniwo-offline";
const OFFLINE = "/bez-sieci/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page for offline days, and the styles that it links. What was kept before, of whoever it was, is gone.
async function keep() {
  const page = await fetch(OFFLINE, { credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (!page.ok) return;
  const words = await page.clone().text();
  const styles = [...words.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map((found) => found[1].replaceAll("&amp;", "&"));
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await cache.put(OFFLINE, page);
  await Promise.allSettled(styles.map((address) => cache.add(address)));
}

self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keep().catch(() => {}));
  if (event.data === "forget") event.waitUntil(caches.delete(KEPT));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(OFFLINE)) ?? Response.error()));
  } else if (request.destination === "style") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
  }
});

self.addEventListener("push", (event) => {
  let word = {};
  try {
    word = event.data.json();
  } catch {
    // Something must be shown in any case: a browser ends subscriptions that stay silent.
  }
  const { title = "Ogniwo", body = "", url = "/moje/powiadomienia/", tag = "ogniwo" } = word;
  event.waitUntil(self.registration.showNotification(title, { body, tag, renotify: true, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

async function open(url) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = pages.find((page) => page.url === url);
  return shown ? shown.focus() : self.clients.openWindow(url);
}
