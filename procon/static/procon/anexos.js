/* Files dropped anywhere on the attachments' section go into its file field. Without this, the field takes them itself. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const area = document.getElementById("anexos");
  const field = area && area.querySelector("input[type=file][data-solta]");
  if (!field) return;
  const carriesFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  area.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    area.classList.add("solta");
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("solta");
  });
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    area.classList.remove("solta");
    field.files = event.dataTransfer.files;
    field.closest("details").open = true;
    field.focus();
  });
});
