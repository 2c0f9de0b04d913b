// "Saving… Saved at 14:05": the page says what became of each change, in words it carries itself.
const place = (event) => {
  const source = event.detail.elt;
  return source?.closest("form")?.querySelector("[data-save-state]")
    ?? document.querySelector("[data-save-state]");
};

const say = (event, state, text) => {
  const region = place(event);
  if (!region || event.detail.requestConfig?.verb === "get") return;
  region.dataset.state = state;
  region.textContent = text(region.dataset);
};

const clock = () =>
  new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

document.addEventListener("htmx:beforeRequest", (event) => say(event, "saving", (words) => words.saving));

document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, successful } = event.detail;
  if (!xhr?.status) return;
  const wasSentToLogin = xhr.status === 401 || xhr.responseURL.includes("/login/");
  if (wasSentToLogin) say(event, "failed", (words) => words.login);
  else if (successful) say(event, "saved", (words) => `${words.saved} ${clock()}`);
  else if (xhr.status >= 500) say(event, "failed", (words) => words.offline);
  else say(event, "failed", (words) => words.refused);
});

document.addEventListener("htmx:sendError", (event) => say(event, "failed", (words) => words.offline));
document.addEventListener("htmx:timeout", (event) => say(event, "failed", (words) => words.offline));

// An ended session answers with the log-in page: never put it into the form, the text stays.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.responseURL.includes("/login/")) event.detail.shouldSwap = false;
});

// A form that is sent waits for the saves under way, and lets no new one begin: else the page would
// meet its own save on the server, and take it for somebody else's.
const isSaving = (form) => Boolean(form.querySelector(".htmx-request, .htmx-settling"));
const whenSaved = (form, then) => setTimeout(() => (isSaving(form) ? whenSaved(form, then) : then()), 60);

// A save may have replaced the button that was pressed: then its successor stands for it.
const sameButton = (form, pressed) => pressed?.form === form ? pressed
  : [...form.elements].find((other) => other.type === "submit" && other.name === pressed.name
    && other.value === pressed.value && other.formAction === pressed.formAction);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isSaving(form)) {
    form.dataset.leaves = "yes";
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.waits) return;
  form.dataset.waits = "yes";
  whenSaved(form, () => {
    delete form.dataset.waits;
    const button = event.submitter && sameButton(form, event.submitter);
    if (button || !event.submitter) form.requestSubmit(button);
  });
}, true);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.closest("form")?.dataset.leaves) event.preventDefault();
}, true);

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-leaves]")) delete form.dataset.leaves;
});
