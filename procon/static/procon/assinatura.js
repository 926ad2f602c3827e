/* A signature drawn with finger, pen or mouse: strokes of whole numbers in the field of 600 by 200, sent as JSON.
   Without this script, and by keyboard, one types the name. */
"use strict";

function field(form) {
  const box = form.querySelector("[data-quadro]"), canvas = box.querySelector("canvas");
  const pen = canvas.getContext("2d"), kept = form.querySelector("[name=tracos]");
  let strokes = [], drawing = null;
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#0c326f" });
  box.hidden = false;

  const place = (event) => {
    const at = canvas.getBoundingClientRect();
    const inside = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [
      inside(((event.clientX - at.left) / at.width) * canvas.width, canvas.width),
      inside(((event.clientY - at.top) / at.height) * canvas.height, canvas.height),
    ];
  };
  const line = (from, to) => {
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = [place(event)];
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const point = place(event), last = drawing[drawing.length - 1];
    if (point[0] === last[0] && point[1] === last[1]) return;
    line(last, point);
    drawing.push(point);
  });
  const end = () => {
    if (!drawing) return;
    strokes.push(drawing);
    drawing = null;
    kept.value = JSON.stringify(strokes);
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  form.querySelector("[data-limpar]").addEventListener("click", () => {
    strokes = [];
    kept.value = "";
    pen.clearRect(0, 0, canvas.width, canvas.height);
  });
  kept.value = "";
}

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("[data-assinatura]")) field(form);
});
