/* The registration page: shows what the chosen tipo needs, goes on with Enter, keeps a draft. Without this script
   everything is shown, the Tab key goes on, and nothing is kept before it is sent. */
"use strict";

/* Where Enter goes, in order; what is filled in already is passed over. */
const STOPS = ["tipo", "cpf", "nome", "nascimento", "telefone", "busca_fornecedor", "assunto", "problema", "texto", "relato", "pedido", "valor", "data_compra"];
/* Milliseconds without a key before the search looks. */
const SEARCH = 200;

function listed(names, tipo) {
  return names.split(" ").includes(tipo);
}

function show(form) {
  const tipo = form.elements.tipo.value;
  for (const part of form.querySelectorAll("[data-so]")) part.hidden = !listed(part.dataset.so, tipo);
  for (const part of form.querySelectorAll("[data-menos]")) part.hidden = listed(part.dataset.menos, tipo);
}

function visible(field) {
  return Boolean(field) && field.offsetParent !== null && !field.disabled;
}

/* Whether a stop waits for something; the first name that a ticket brought is not the whole name yet. */
function waits(field, stop) {
  return !field.value || stop === "busca_fornecedor" || (stop === "nome" && !field.value.trim().includes(" "));
}

/* The next stop that waits for something; the button where none does. */
function next(form, name) {
  for (const stop of STOPS.slice(STOPS.indexOf(name) + 1)) {
    const field = form.elements[stop];
    if (visible(field) && waits(field, stop)) return field;
  }
  return form.querySelector("button.large");
}

/* A known consumer is complete: on to the supplier. Waits for the answer that says who it is. */
function afterCpf(form) {
  const field = form.elements.cpf;
  const go = () => {
    const known = document.querySelector("#consumidor [role=status]");
    const goal = known && visible(form.elements.busca_fornecedor) ? form.elements.busca_fornecedor : next(form, "cpf");
    goal.focus();
  };
  if (!field.value) return go();
  document.getElementById("consumidor").addEventListener("htmx:afterSettle", go, { once: true });
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/* The supplier search: looks while one types; Enter ticks the first that is shown, and in an empty box goes on. */
function searching(form) {
  const box = document.getElementById("busca-caixa"), field = form.elements.busca_fornecedor;
  let waiting = null;
  const look = (values) => {
    clearTimeout(waiting);
    htmx.ajax("POST", box.dataset.endereco, { source: box, target: "#fornecedores", values });
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, SEARCH, {});
  });
  return (shown) => {
    if (field.value.trim()) look({ escolher: "1", mostrado: shown });
    else next(form, "busca_fornecedor").focus();
  };
}

function onEnter(form, event, choose) {
  const field = event.target, name = field.name;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    return form.requestSubmit(form.querySelector("button.large"));
  }
  if (field.tagName === "TEXTAREA" || field.tagName === "BUTTON" || field.tagName === "A" || field.tagName === "SUMMARY") return undefined;
  event.preventDefault();
  if (name === "cpf") return afterCpf(form);
  if (name === "busca_fornecedor") return choose();
  if (name === "novo_nome" || name === "novo_cnpj") return document.getElementById("acrescentar").click();
  if (name === "texto" && field.value.trim()) return htmx.trigger("#texto-caixa", "inserir");
  if (STOPS.includes(name)) return next(form, name).focus();
  return undefined;
}

/* What came back is put where it belongs, after what was typed there. */
function insert(form, target) {
  const found = target.querySelector("[data-texto]");
  if (!found) return;
  const field = form.elements[found.dataset.campo];
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${found.dataset.texto}` : found.dataset.texto;
  form.elements.texto.value = "";
  form.elements.texto.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* What the answers bring: the name of the assunto, the cleared search, the open form of a new supplier. */
function answers(form, seen) {
  document.body.addEventListener("assunto-achado", (event) => {
    form.elements.assunto.value = event.detail.nome;
  });
  document.body.addEventListener("fornecedor-escolhido", () => {
    form.elements.busca_fornecedor.value = "";
    seen.text = "";
    form.elements.busca_fornecedor.focus();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "texto-pronto") insert(form, target);
    if (target.id !== "fornecedores") return;
    seen.text = target.querySelector("[data-busca]")?.dataset.busca ?? "";
    seen.answer = event.detail.xhr;
  });
  /* Only now does the new supplier's button go by htmx: a key pressed before would do nothing. An earlier answer that
     settles while a later one is already shown says nothing of the later one's button. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const { target, xhr } = event.detail;
    if (target.id !== "fornecedores" || xhr !== seen.answer) return;
    if (target.querySelector("[data-abre]")) form.elements.novo_cnpj.focus();
  });
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("novo");
  const seen = { text: "", answer: null };
  for (const part of form.querySelectorAll("[data-sem-js]")) part.hidden = true;
  document.getElementById("teclas").hidden = false;
  form.elements.tipo.addEventListener("change", () => show(form));
  show(form);
  const choose = searching(form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter") onEnter(form, event, () => choose(seen.text));
  });
  answers(form, seen);
  keeping(form);
  if (!document.querySelector("[data-foco]")) form.elements.tipo.focus();
});
