// Passkeys: a form with data-passkey asks the device for one ("get") or makes one ("create"), puts the answer into
// its hidden field and is sent. Options stand in data-options, or come from data-options-url when they are needed.
// Such forms are hidden until it is known that the browser can do it.
const { webauthnJSON } = window;
const canDo = Boolean(webauthnJSON && webauthnJSON.supported());

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const response = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`no options: ${response.status}`);
  return (await response.json()).request_options;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !canDo;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    try {
      const credential = await webauthnJSON[form.dataset.passkey](await optionsOf(form));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      // Cancelled, timed out, or this device has no passkey: the form says so and can be used again.
      problem.hidden = false;
    }
  });
}

for (const note of document.querySelectorAll("[data-passkey-unknown]")) note.hidden = canDo;
