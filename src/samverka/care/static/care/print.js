// The button that prints the sheet: shown only where scripts run, since every browser has its own way too.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
