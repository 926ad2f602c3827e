/* A form with data-chave sends what a security key answers to data-pergunta: it makes a new one, or shows a known one. */
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/* The question, with bytes where the browser wants bytes. */
function asked(form) {
  const { publicKey } = JSON.parse(form.dataset.pergunta);
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const known of publicKey[list] || []) known.id = bytes(known.id);
  }
  return { publicKey };
}

/* The answer as text. */
function said(key) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) response[name] = text(key.response[name]);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

for (const form of document.querySelectorAll("[data-chave]")) {
  const told = form.querySelector("[data-chave-aviso]");
  form.hidden = false;
  if (!window.PublicKeyCredential) {
    form.querySelector("button").disabled = true;
    told.textContent = "Este navegador não usa chaves de segurança aqui. Use um código.";
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    told.textContent = "Esperando a chave…";
    navigator.credentials[form.dataset.chave](asked(form))
      .then((key) => {
        form.elements.resposta.value = said(key);
        form.submit();
      })
      .catch(() => {
        told.textContent = "A chave não respondeu, ou já está cadastrada. Aperte o botão para tentar de novo.";
      });
  });
}
