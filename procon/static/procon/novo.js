/* The registration page: shows what the chosen tipo needs, and no more. Without this script everything is shown. */
"use strict";

function listed(names, tipo) {
  return names.split(" ").includes(tipo);
}

function show(form) {
  const tipo = form.elements.tipo.value;
  for (const part of form.querySelectorAll("[data-so]")) part.hidden = !listed(part.dataset.so, tipo);
  for (const part of form.querySelectorAll("[data-menos]")) part.hidden = listed(part.dataset.menos, tipo);
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("novo");
  for (const part of form.querySelectorAll("[data-sem-js]")) part.hidden = true;
  form.elements.tipo.addEventListener("change", () => show(form));
  show(form);
  if (!document.querySelector("[data-foco]")) form.elements.tipo.focus();
  /* Enter in the supplier search must search, not register the case. */
  form.elements.busca_fornecedor.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
});
