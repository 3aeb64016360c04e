// Single-key shortcuts (off switch in the dialog), coming back to one's place, and keeping the thread at its end.
(() => {
  "use strict";
  let on = true; // for this page only, where the browser keeps nothing
  const stored = () => {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return on;
    }
  };
  const keep = (wanted) => {
    on = wanted;
    try {
      localStorage.setItem("keys", wanted ? "on" : "off");
    } catch {
      // refused by the browser
    }
  };
  const typing = (node) => node && (/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) || node.isContentEditable);
  const composing = (event) => event.isComposing || event.keyCode === 229; // an input method has the key
  const modified = (event) =>
    ["Control", "Meta", "Alt", "AltGraph"].some((one) => event.getModifierState(one)) ||
    (event.shiftKey && /^[a-z]$/.test(event.key)); // with Caps Lock; "?" itself needs Shift

  // What the list of keys names and what a key does are asked of the same rows (_keys.html).
  const list = document.getElementById("keys");
  const rows = list ? [...list.querySelectorAll("[data-keys]")] : [];
  const here = (row) => Boolean(document.querySelector(row.dataset.on));
  const works = (key) => rows.some((row) => row.dataset.keys.split(" ").includes(key) && here(row));

  const showKeys = () => {
    for (const row of rows) row.hidden = !here(row);
    document.getElementById("keys-on").checked = stored();
    list.showModal();
  };

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
    if (typing(event.target) || composing(event) || modified(event) || !stored()) return;
    if (document.querySelector("dialog[open]")) return;
    const act = {
      j: () => move(1),
      k: () => move(-1),
      "/": () => document.getElementById("q")?.focus(),
      r: () => document.getElementById("reply")?.focus(),
      t: choose,
      n: () => document.querySelector(".advice a").click(),
      u: () => document.querySelector("a[data-queue]").click(),
      "?": showKeys,
    }[event.key];
    if (act && works(event.key)) {
      event.preventDefault();
      act();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#keys-open")) showKeys();
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

  if (list) {
    document.getElementById("keys-open").hidden = false; // without script no key works
    document.getElementById("keys-on").addEventListener("change", (event) => keep(event.target.checked));
  }

  // What was refused stands beside its field, which is told of it and has the focus.
  const wrong = document.querySelector("form .error[data-field]");
  if (wrong) {
    const named = wrong.dataset.field && wrong.closest("form").elements.namedItem(wrong.dataset.field);
    if (named instanceof Element && named.type !== "hidden") {
      wrong.id = "wrong";
      named.setAttribute("aria-invalid", "true");
      named.setAttribute("aria-describedby", "wrong");
      named.before(wrong);
    }
  }

  // A link into the page opens what is folded; into a form it leads to the first field that is to be filled in.
  const field = ":is(input:not([type=hidden]), select, textarea, button):not([disabled])";
  const arrive = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    const fold = place.closest("details");
    if (fold) fold.open = true;
    if (place.matches("form")) (place.querySelector("[aria-invalid]") || place.querySelector(field))?.focus();
    else place.focus();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href^='#']")) setTimeout(arrive); // also where the address is the same
  });
  window.addEventListener("load", () => setTimeout(arrive)); // after the browser's own way to the place

  // A list that cases are opened from is kept for this tab: the way back leads to it, and to the row, or to
  // the one that stands there now.
  const seat = () => {
    try {
      return JSON.parse(sessionStorage.getItem("seat")) || {};
    } catch {
      return {};
    }
  };
  const sit = (value) => {
    try {
      sessionStorage.setItem("seat", JSON.stringify(value));
    } catch {
      // refused by the browser
    }
  };
  const address = location.pathname + location.search;
  const listed = () => [...document.querySelectorAll("a.subject[href^='/console/cases/']")];
  const kept = seat();
  if (document.querySelector("form.login")) sit({}); // somebody else's next
  else if (document.querySelector("#queue, #waiting")) {
    const rows = listed();
    const row = rows.find((one) => one.getAttribute("href") === kept.row) || rows[Math.min(kept.number, rows.length - 1)];
    if (kept.at === address && kept.row) row?.focus();
    sit({ at: address, title: document.querySelector("h1").textContent });
  } else if (kept.at) {
    for (const link of document.querySelectorAll("a[data-queue]")) {
      link.href = kept.at;
      link.textContent = link.textContent.replace("队列", `“${kept.title}”`);
    }
  }
  document.addEventListener("click", (event) => {
    const row = event.target.closest("#queue a.subject, #waiting a.subject");
    if (row) sit({ ...seat(), row: row.getAttribute("href"), number: listed().indexOf(row) });
  });

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
