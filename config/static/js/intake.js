// Shows only the questions that belong to the answers given so far. Without this script all are shown; either way the
// server ignores what does not belong. Focus starts where the typing starts.

const form = document.querySelector("[data-intake]");

const update = () => {
  for (const part of form.querySelectorAll("[data-when]")) {
    const [name, values] = part.dataset.when.split("=");
    const chosen = new FormData(form).get(name);
    part.hidden = chosen !== null && !values.split(" ").includes(chosen);
  }
};

if (form) {
  form.addEventListener("change", update);
  update();
  if (!document.querySelector("[data-error-summary]")) form.querySelector("input:not([type=hidden])").focus();
}
