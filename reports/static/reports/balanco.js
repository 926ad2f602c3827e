/* Copies the paragraph for the press. Without this script the button is not shown and the text is selected by hand. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-copiar]");
  if (!button || !navigator.clipboard) return;
  const said = document.querySelector("[data-copiado]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copiar).textContent.trim());
    said.textContent = "Texto copiado.";
  });
});
