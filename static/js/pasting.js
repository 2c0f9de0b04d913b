// A block of cells pasted into a table of figures is shown before it is put in. The server says where
// each cell lands and how it is read; without this script the page behind the link does the same.
const MOST = 200_001;
const cookie = (name) => document.cookie.split("; ").find((row) => row.startsWith(`${name}=`))?.slice(name.length + 1);

for (const told of document.querySelectorAll("[data-pastes]")) told.hidden = false;

const dialog = document.createElement("dialog");
dialog.className = "paste";
dialog.setAttribute("aria-labelledby", "paste-title");
document.querySelector("main").append(dialog);

// One cell is pasted as any text, and so are lines where lines can be typed.
const isBlock = (field, text) => {
  const inner = text.replace(/\r?\n$/, "");
  return inner.includes("\t") || (inner.includes("\n") && field.tagName !== "TEXTAREA");
};

const fieldsOf = (section) => {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(section.form)) {
    if (name.startsWith(`${section.id}-`)) sent.append(name, value);
  }
  return sent;
};

const ask = async (section, field, text) => {
  const body = fieldsOf(section);
  body.set("start", field.name);
  body.set("block", text.slice(0, MOST));
  const headers = { "X-CSRFToken": cookie("csrftoken") ?? "", "HX-Request": "true" };
  return fetch(section.querySelector("[data-paste]").dataset.paste, { method: "POST", body, headers });
};

const words = () => document.querySelector("[data-save-state]").dataset;

// What is no preview is one sentence, with a way to close it.
const showSentence = (table, text) => {
  const title = Object.assign(document.createElement("h2"), { id: "paste-title", textContent: table.dataset.title });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: table.dataset.close });
  const sentence = Object.assign(document.createElement("p"), { textContent: text });
  sentence.setAttribute("role", "alert");
  close.dataset.pasteCancel = "";
  dialog.replaceChildren(title, sentence, close);
};

const show = async (table, answer) => {
  if (answer.status === 401 || answer.url.includes("/login/")) showSentence(table, words().login);
  else if (answer.status !== 200 && answer.status !== 422) showSentence(table, table.dataset.refused);
  else dialog.innerHTML = await answer.text();
};

const preview = async (field, text) => {
  const section = field.closest("[data-section]");
  const table = section.querySelector("[data-paste]");
  table.setAttribute("aria-busy", "true");
  try {
    await show(table, await ask(section, field, text));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    showSentence(table, words().offline);
  } finally {
    table.removeAttribute("aria-busy");
  }
  if (!dialog.open) dialog.showModal();
  dialog.dataset.part = section.id;
};

document.addEventListener("paste", (event) => {
  const field = event.target.closest?.("[data-paste] :is(input, textarea)");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!field || !isBlock(field, text)) return;
  event.preventDefault();
  preview(field, text);
});

const put = (row) => {
  const field = document.getElementById(row.dataset.field);
  if (!field) return;
  field.value = row.dataset.value;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
};

dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const rows = "pastePut" in button.dataset ? [...dialog.querySelectorAll("[data-field]")] : [];
  dialog.close();
  rows.forEach(put);
  if (rows.length) document.querySelector(`#${dialog.dataset.part} [data-paste-told]`).textContent = button.dataset.told;
});
