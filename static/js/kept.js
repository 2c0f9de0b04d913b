// After a log-in the typed form goes back to its page by itself; without a script a button does it.
document.querySelector("form[data-resend]")?.requestSubmit();
