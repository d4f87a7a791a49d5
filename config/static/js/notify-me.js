// “Notify me on this device”: asks the browser for leave only after a press, and tells the server where to send.
// Without this script, or in a browser that cannot, the box stays hidden and all else works.
const box = document.querySelector("[data-notify-me]");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
if (box && able) start(box).catch(() => {});

async function start(box) {
  const on = box.querySelector("[data-notify-on]");
  const off = box.querySelector("[data-notify-off]");
  const said = box.querySelector("[data-notify-said]");

  const worker = async () => {
    await navigator.serviceWorker.register("/service-worker.js", { scope: "/" });
    return navigator.serviceWorker.ready;
  };
  const current = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();

  const show = (isOn, words = "") => {
    on.hidden = isOn;
    off.hidden = !isOn;
    said.textContent = words;
  };

  const tell = async (address, subscription) => {
    const form = new FormData();
    const { endpoint, keys = {} } = subscription.toJSON();
    form.set("endpoint", endpoint);
    form.set("p256dh", keys.p256dh ?? "");
    form.set("auth", keys.auth ?? "");
    form.set("csrfmiddlewaretoken", box.querySelector("[name='csrfmiddlewaretoken']").value);
    const answer = await fetch(address, { method: "POST", body: form, redirect: "error" });
    if (!answer.ok) throw new Error(`${answer.status}`);
  };

  on.addEventListener("click", async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        show(false, box.dataset.textRefused);
        return;
      }
      const subscription = await (await worker()).pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(box.dataset.key),
      });
      await tell(box.dataset.subscribe, subscription);
      show(true, box.dataset.textOn);
    } catch {
      show(false, box.dataset.textFailed);
    }
  });

  off.addEventListener("click", async () => {
    const subscription = await current();
    if (subscription) {
      await tell(box.dataset.unsubscribe, subscription).catch(() => {});
      await subscription.unsubscribe();
    }
    show(false, box.dataset.textOff);
  });

  const subscription = await current();
  show(Boolean(subscription));
  box.hidden = false;
  // After signing in again the server has forgotten this browser; it was asked for before, so it is told again.
  if (subscription) tell(box.dataset.subscribe, subscription).catch(() => show(false));
}

function bytes(key) {
  const base64 = key.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(key.length / 4) * 4, "=");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
