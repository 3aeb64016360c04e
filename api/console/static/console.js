// Single-key shortcuts (off switch in the dialog), and keeping the thread scrolled to its end.
(() => {
  "use strict";
  const stored = () => localStorage.getItem("keys") !== "off";
  const typing = (node) => node && /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);

  const move = (step) => {
    const links = [...document.querySelectorAll("a.subject, .texts[open] a")];
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    links[Math.min(Math.max(here + step, 0), links.length - 1)].focus();
  };

  // A canned reply goes behind what is typed already; its first gap is marked, to be typed over.
  const begin = (text) => {
    const box = document.getElementById("reply");
    if (!box) return;
    const before = box.value.trimEnd();
    box.value = before ? `${before}\n${text}` : text;
    const from = box.value.indexOf("【请填：");
    const to = from < 0 ? box.value.length : box.value.indexOf("】", from) + 1;
    box.focus();
    box.setSelectionRange(from < 0 ? to : from, to);
    box.closest("form").querySelector(".texts").open = false;
  };

  const choose = () => {
    const list = document.querySelector(".texts");
    if (!list) return;
    list.open = true;
    list.querySelector("a")?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (!stored() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = {
      j: () => move(1),
      k: () => move(-1),
      "/": () => document.getElementById("q")?.focus(),
      r: () => document.getElementById("reply")?.focus(),
      t: choose,
      "?": () => document.getElementById("keys")?.showModal(),
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    const canned = event.target.closest("[data-text]");
    if (canned) {
      event.preventDefault();
      begin(canned.dataset.text);
    }
  });

  // Where the answer shows a secret once, the answer to a double click would hide it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (Date.now() - Number(form.dataset.sent || 0) < 3000) event.preventDefault();
    else form.dataset.sent = Date.now();
  });

  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = stored();
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  }

  const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const thread = () => document.getElementById("thread");
  let follow = true;
  if (thread()) {
    thread().scrollTop = thread().scrollHeight;
    document.body.addEventListener("htmx:beforeSwap", () => {
      follow = thread() ? atEnd(thread()) : false;
    });
    document.body.addEventListener("htmx:afterSettle", () => {
      if (follow && thread()) thread().scrollTop = thread().scrollHeight;
    });
  }

  // A refresh waits while the page is hidden, and while somebody fills in the queue's filters.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const ticked = document.querySelector('#queue input[name="receipt"]:checked');
    const open = document.querySelector("#queue details[open]");
    const filling = event.target.id === "queue" && (typing(document.activeElement) || ticked || open);
    if (document.hidden || filling) event.preventDefault();
  });
})();
