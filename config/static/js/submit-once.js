// A form that was sent is not sent again by a second press. The button stays focusable and keeps its words.
// The server is safe against double sending by itself; this spares people the doubt.
const restore = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled='true'][data-sent-by]")) {
    button.removeAttribute("aria-disabled");
    delete button.dataset.sentBy;
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-send-again")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  if (event.submitter) {
    event.submitter.dataset.sentBy = "form";
    event.submitter.setAttribute("aria-disabled", "true");
  }
  // A download or a lost connection leaves the page where it is: after a while one may try again.
  window.setTimeout(() => restore(form), 10_000);
});

// Going back must not find a dead form.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(restore);
});
