// Text size and contrast change at once, without a reload that would lose what is being typed. The choice is sent to
// the server in the background; if that fails, the form is sent as it would be without this script.
const form = document.querySelector("[data-appearance]");
const page = document.documentElement;

const press = (button, pressed) => button.setAttribute("aria-pressed", String(pressed));

const show = (button) => {
  if (button.name === "text_size") {
    page.dataset.textSize = button.value;
    form.querySelectorAll("[name='text_size']").forEach((other) => press(other, other === button));
  } else {
    page.dataset.contrast = button.value;
    press(button, button.value === "high");
    button.value = button.value === "high" ? "normal" : "high";
  }
};

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button || button.name === "language") return;
  event.preventDefault();
  const choice = new FormData(form, button);
  show(button);
  try {
    const answer = await fetch(form.action, { method: "POST", body: choice, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(answer.status);
  } catch {
    window.location.reload();
  }
});
