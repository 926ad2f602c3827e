/* What is typed is kept every few seconds: the form goes to the address of #rascunho, which shows the answer. */
"use strict";

/* Milliseconds from the first key that is not kept yet to the draft. */
const PAUSE = 2500;

/* A draft within seconds of the first key, and when a field is left; not while the form is on its way. */
function keeping(form) {
  const place = document.getElementById("rascunho");
  let waiting = null;
  const told = (text) => {
    place.textContent = text;
  };
  /* Two requests may overtake each other: where the form has a «vez», the server keeps the later one. */
  const count = () => {
    if (form.elements.vez) form.elements.vez.value = Number(form.elements.vez.value) + 1;
  };
  const keep = () => {
    clearTimeout(waiting);
    waiting = null;
    if (form.getAttribute("aria-busy") === "true") return;
    count();
    /* keepalive: what was sent arrives although the page is left. */
    const body = new URLSearchParams(new FormData(form));
    fetch(place.dataset.endereco, { method: "POST", body, keepalive: body.toString().length < 60000 })
      .then((answer) => (answer.ok || answer.status === 409 || answer.status === 401 ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then(told)
      .catch(() => told("O rascunho não foi guardado: o servidor não respondeu. O que está na tela continua aqui."));
  };
  form.addEventListener("input", () => {
    waiting = waiting || setTimeout(keep, PAUSE);
  });
  form.addEventListener("focusout", () => {
    if (waiting) keep();
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = null;
    count();
  });
}
