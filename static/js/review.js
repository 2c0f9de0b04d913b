// A verdict is saved as one goes, but not before it is whole: until then the page says what it waits for.
const missingIn = (part) => {
  const field = (name) => part.querySelector(`[name$="-${name}"]`)?.value.trim();
  const verdict = part.querySelector("[name$='-verdict']:checked")?.value;
  if (!verdict) return "verdict";
  if (verdict === "flagged" && !field("text")) return "text";
  if (field("rating") && !field("rating_reason")) return "reason";
  if (!field("rating") && field("rating_reason")) return "rating";
  return "";
};

document.addEventListener("htmx:confirm", (event) => {
  const part = event.target.closest("[data-part]");
  const missing = part && missingIn(part);
  if (!missing) return;
  event.preventDefault();
  const state = part.querySelector("[data-part-state]");
  state.textContent = state.dataset[missing];
});
