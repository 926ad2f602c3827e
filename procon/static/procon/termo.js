/* The termo's page: keeps what is typed, and shows the terms of an agreement only where there is one. Without this
   script everything is shown, and what is typed is kept by the buttons. */
"use strict";

function terms(part) {
  const chosen = part.closest("section").querySelector("input[type=radio]:checked");
  part.hidden = !chosen || chosen.value === "sem_acordo";
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("termo-form");
  const parts = Array.from(form.querySelectorAll("[data-acordo]"));
  for (const part of parts) terms(part);
  form.addEventListener("change", () => parts.forEach(terms));
  keeping(form);
});
