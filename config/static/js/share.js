// Where the device itself can pass an address on (to a message, to another program), a button offers it.
for (const place of navigator.share ? document.querySelectorAll("[data-share]") : []) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.share({ title: place.dataset.title, url: place.dataset.address });
    } catch {
      // The person changed their mind, or the device did.
    }
  });
}
