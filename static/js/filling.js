// The ministry's form saves each part as one goes. Without this script the buttons save the same.
const sectionOf = (element) => element.closest?.("[data-section]");
const cookie = (name) => document.cookie.split("; ").find((row) => row.startsWith(`${name}=`))?.slice(name.length + 1);

// Only where this script runs does the page save by itself, so only here it says so.
for (const told of document.querySelectorAll("[data-saves-itself]")) told.hidden = false;

// A log-in in another tab changes the token: take the one of now, not the one of this page.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("[name=csrfmiddlewaretoken]");
  if (field) field.value = cookie("csrftoken") ?? field.value;
  for (const section of document.querySelectorAll("[data-unsaved]")) delete section.dataset.unsaved;
});

// Only the part that changed is sent, although the form around it holds the whole page.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters, headers } = event.detail;
  if (!elt.matches("[data-section]")) return;
  for (const name of Object.keys(parameters)) {
    if (!name.startsWith(`${elt.id}-`)) delete parameters[name];
  }
  headers["X-CSRFToken"] = cookie("csrftoken") ?? headers["X-CSRFToken"];
});

// While somebody is still in a group with an empty field (a numerator without its denominator, a
// reason to be given), the save waits until she leaves it.
const isHalf = (group) => [...group.querySelectorAll("input, textarea, select")]
  .some((field) => field.offsetParent && !field.value);

document.addEventListener("htmx:confirm", (event) => {
  const section = event.target.matches?.("[data-section]") ? event.target : null;
  const group = section && document.activeElement?.closest("[data-group]");
  if (!group || !section.contains(group) || !isHalf(group)) return;
  event.preventDefault();
  group.dataset.waits = "yes";
});

document.addEventListener("focusout", (event) => {
  const group = event.target.closest?.("[data-group][data-waits]");
  if (!group || group.contains(event.relatedTarget)) return;
  delete group.dataset.waits;
  sectionOf(group).dispatchEvent(new Event("change", { bubbles: true }));
});

// A page with something unsaved asks before it is left.
document.addEventListener("input", (event) => {
  const section = sectionOf(event.target);
  if (section) section.dataset.unsaved = "yes";
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("[data-section]")) delete event.detail.elt.dataset.unsaved;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful } = event.detail;
  if (elt.matches("[data-section]") && !successful) elt.dataset.unsaved = "yes";
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-unsaved]")) event.preventDefault();
});

// What is told at a field belongs to the field, for a screen reader too.
document.addEventListener("htmx:afterSettle", () => {
  for (const told of document.querySelectorAll(".field-told")) {
    const wrong = Boolean(told.querySelector(".field-told__error"));
    for (const field of document.querySelectorAll(`[aria-describedby~="${told.id}"]`)) {
      if (wrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }
});
