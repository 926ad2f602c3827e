/* The little that pages need beyond htmx. Everything works without it. */
"use strict";

/* A thin menu: collapsed at narrow widths only where this script runs. */
function menu(root) {
  const button = root.querySelector("[data-menu]");
  if (!button) return;
  const nav = button.closest("nav");
  nav.classList.add("menu--recolhe");
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = nav.classList.toggle("menu--aberto");
    button.setAttribute("aria-expanded", String(open));
  });
}

/* The error summary, or what a page names, gets the focus. */
function focus(root) {
  const target = root.querySelector("[data-foco]");
  if (target) target.focus();
}

/* <details> used as a menu closes on Escape and on a click elsewhere. */
function closing() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.pessoa[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.pessoa[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
}

/* data-imprimir: prints; data-confirma: asks before a form is sent. */
function buttons() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-imprimir]")) window.print();
  });
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirma;
    if (question && !window.confirm(question)) event.preventDefault();
  });
}

/* data-uma-vez: a form on its way is not sent a second time by an impatient double click. */
function once() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.umaVez === undefined || event.defaultPrevented) return;
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
  });
}

/* data-tecla: Alt and this letter or digit follow the link, wherever the focus is. */
function keys() {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !/^[a-z0-9]$/i.test(event.key)) return;
    const target = document.querySelector(`[data-tecla="${event.key.toLowerCase()}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}

/* «/» leads to the search box, unless somebody is typing. */
function slash() {
  document.addEventListener("keydown", (event) => {
    const box = document.getElementById("busca");
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || !box) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

/* data-marca-tudo: one box ticks or clears all boxes of its form, also those that stand outside it. */
function ticks() {
  document.addEventListener("change", (event) => {
    if (event.target.dataset.marcaTudo === undefined) return;
    for (const box of event.target.form.elements) {
      if (box.name === event.target.dataset.marcaTudo && box.type === "checkbox") box.checked = event.target.checked;
    }
  });
}

/* Where ready texts are called, Enter calls one; it does not send the form around. */
function readyTexts() {
  for (const part of document.querySelectorAll("[data-modelos]")) part.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest("[data-modelos]")) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/* A ready text that was called goes to the end of the first text box of its form. */
function readyText(target) {
  const found = target.classList.contains("texto-pronto") && target.querySelector("[data-texto]");
  if (!found) return;
  const form = target.closest("form"), field = form.querySelector("textarea");
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${found.dataset.texto}` : found.dataset.texto;
  form.querySelector("[data-modelos] input").value = "";
  field.focus();
}

/* What a part of the page asked for did not come: it is said once, above the page, until something comes again. */
function unanswered() {
  const note = document.createElement("p");
  note.className = "aviso";
  note.setAttribute("role", "alert");
  const said = "O sistema não respondeu. O que está na tela continua aqui; espere um pouco e tente de novo.";
  const tell = () => {
    if (note.isConnected) return;
    note.textContent = said;
    document.getElementById("conteudo").prepend(note);
  };
  document.addEventListener("htmx:sendError", tell);
  document.addEventListener("htmx:timeout", tell);
  document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && tell());
  document.addEventListener("htmx:beforeSwap", (event) => event.detail.xhr.status < 500 && note.remove());
}

/* When the network is away, a page of ours says so. */
function offline() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sem-rede.js").catch(() => {});
}

document.addEventListener("DOMContentLoaded", () => {
  readyTexts();
  menu(document);
  keys();
  focus(document);
  closing();
  buttons();
  once();
  slash();
  ticks();
  unanswered();
  offline();
});
document.addEventListener("htmx:afterSwap", (event) => {
  focus(event.detail.target);
  readyText(event.detail.target);
});
