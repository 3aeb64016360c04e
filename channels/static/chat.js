// <wenzhu-chat>: the resident's chat. No framework, no dependency, text only by textContent.
// Works on any page: <script type="module" src="…/static/chat.js"></script><wenzhu-chat></wenzhu-chat>
// Attribute `server` names the origin of the service when it is embedded elsewhere.

const STORE = "wenzhu-chat";
const RETRY_MS = [1000, 2000, 4000, 8000, 15000, 30000];

const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

class WenzhuChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.server = (this.getAttribute("server") || "").replace(/\/$/, "");
    this.seen = new Set();
    this.lastSeq = 0;
    this.queue = [];
    this.render();
    this.restore();
    this.start();
  }

  // ---- layout ----------------------------------------------------------------------------
  render() {
    const root = this.attachShadow({ mode: "open" });
    const style = el("link", { rel: "stylesheet", href: `${this.server}/static/chat.css` });
    this.log = el("div", { className: "log", tabIndex: 0 });
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-live", "off");
    this.log.setAttribute("aria-label", "聊天内容");
    // Larger type, a turned phone or the keyboard must not push the last answer out of sight.
    this.atEnd = true;
    this.log.addEventListener("scroll", () => {
      this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    });
    new ResizeObserver(() => { if (this.atEnd) this.toEnd(); }).observe(this.log);
    this.announcer = el("div", { className: "sr-only" });
    this.announcer.setAttribute("aria-live", "polite");
    this.status = el("p", { className: "status" });
    this.status.setAttribute("role", "status");
    this.input = el("textarea", {
      rows: 1, maxLength: 1000, id: "say", placeholder: "用平常的话写就行",
      enterKeyHint: "send", autocomplete: "off",
    });
    const label = el("label", { htmlFor: "say", className: "sr-only", textContent: "您想说的话" });
    const send = el("button", { type: "submit", className: "primary", textContent: "发送" });
    this.form = el("form", { className: "say" }, label, this.input, send);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
    });
    this.input.addEventListener("input", () => this.fit());
    const elder = el("button", { type: "button", className: "quiet", textContent: "大字" });
    elder.setAttribute("aria-pressed", "false");
    elder.addEventListener("click", () => this.setElder(!this.wrap.classList.contains("elder")));
    this.elderButton = elder;
    const person = el("button", { type: "button", className: "quiet", textContent: "找工作人员" });
    person.addEventListener("click", () => this.say({ text: "找工作人员" }, "找工作人员"));
    const clear = el("button", { type: "button", className: "quiet", textContent: "清除记录", title: "清除这台设备上的聊天记录" });
    clear.addEventListener("click", () => this.forget());
    const title = el("h1", { textContent: "问助 · 社会救助" });
    const head = el("header", {}, title, el("div", { className: "tools" }, elder, person, clear));
    const urgent = el("p", { className: "urgent" });
    urgent.append("有危险先打：");
    for (const [number, what] of [["110", "报警"], ["120", "急救"], ["119", "火警"], ["12356", "心理援助"]]) {
      urgent.append(el("a", { href: `tel:${number}` }, number, el("span", { className: "what", textContent: ` ${what}` })), " ");
    }
    this.wrap = el("section", { className: "chat" }, head, urgent, this.log, this.status, this.form, this.announcer);
    root.append(style, this.wrap);
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
  }

  toEnd() {
    this.atEnd = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  setElder(on) {
    this.wrap.classList.toggle("elder", on);
    this.elderButton.setAttribute("aria-pressed", String(on));
    if (this.atEnd) this.toEnd();
    this.save({ elder: on });
  }

  // ---- what this browser remembers -------------------------------------------------------
  remembered() {
    try { return JSON.parse(localStorage.getItem(STORE) || "{}"); } catch { return {}; }
  }

  save(change) {
    try { localStorage.setItem(STORE, JSON.stringify({ ...this.remembered(), ...change })); } catch { /* private mode */ }
  }

  restore() {
    const kept = this.remembered();
    this.conversation = kept.conversation;
    this.token = kept.token;
    this.queue = kept.queue || [];
    this.setElder(Boolean(kept.elder));
  }

  forget() {
    try { localStorage.removeItem(STORE); } catch { /* private mode */ }
    this.stream?.abort();
    this.conversation = this.token = undefined;
    this.queue = [];
    this.seen.clear();
    this.lastSeq = 0;
    this.log.replaceChildren();
    this.start();
  }

  // ---- talking to the server -------------------------------------------------------------
  async start() {
    const link = new URLSearchParams(location.hash.slice(1)).get("link");
    if (link) {
      history.replaceState(null, "", location.pathname);
      this.conversation = undefined;
    }
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (!this.conversation) await this.open(link);
        else await this.catchUp();
        break;
      } catch (problem) {
        if (problem.gone) { this.conversation = undefined; continue; }
        this.tell("网络不通，正在重试。急事请打 12345。");
        await this.pause(attempt);
      }
    }
    this.tell("");
    this.listen();
    this.flush();
    this.input.focus({ preventScroll: true });
  }

  async open(link) {
    const body = await this.call("POST", "/chat/conversations", link ? { link } : {});
    this.conversation = body.conversation_id;
    this.token = body.token;
    this.save({ conversation: body.conversation_id, token: body.token });
    body.messages.forEach((message) => this.show(message));
  }

  async catchUp() {
    const body = await this.call("GET", `/chat/conversations/${this.conversation}/messages?after=${this.lastSeq}`);
    body.messages.forEach((message) => this.show(message, { quiet: true }));
  }

  async call(method, path, body) {
    const headers = { "Content-Type": "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    const answer = await fetch(this.server + path, { method, headers, body: body && JSON.stringify(body) });
    const data = await answer.json().catch(() => ({}));
    if (answer.status === 401 || answer.status === 404) throw Object.assign(new Error("gone"), { gone: true });
    if (answer.status >= 400 && answer.status < 500) throw Object.assign(new Error("refused"), { reason: data.reason || "这条没有收下，请换个说法再发。" });
    if (!answer.ok) throw new Error("server");
    return data;
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.fit();
    this.say({ text }, text);
  }

  // Kept until the server has it: a message never depends on this page staying open.
  say(content, shown) {
    const id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
    this.queue.push({ client_message_id: id, ...content });
    this.save({ queue: this.queue });
    this.bubble("resident", shown);
    this.flush();
  }

  async flush() {
    if (this.sending) return;
    this.sending = true;
    this.tell("正在回复…");
    for (let attempt = 0; this.queue.length && this.conversation; ) {
      try {
        const body = await this.call("POST", `/chat/conversations/${this.conversation}/messages`, this.queue[0]);
        this.shift();
        attempt = 0;
        body.messages.forEach((message) => this.show(message));
        if (body.held) this.tell("工作人员会在这里回复您。");
      } catch (problem) {
        if (problem.gone) { this.sending = false; this.forget(); return; }
        if (problem.reason) { this.shift(); this.bubble("bot", problem.reason); continue; }
        this.tell("还没发出去，正在重试。");
        await this.pause(attempt);
        attempt += 1;
      }
    }
    this.sending = false;
    if (this.status.textContent === "正在回复…" || this.status.textContent.startsWith("还没发出去")) this.tell("");
  }

  shift() {
    this.queue.shift();
    this.save({ queue: this.queue });
  }

  pause(attempt) {
    return new Promise((done) => setTimeout(done, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
  }

  // Server-sent events over fetch, because EventSource cannot send the Authorization header.
  async listen() {
    this.stream?.abort();
    const stream = (this.stream = new AbortController());
    for (let attempt = 0; !stream.signal.aborted; attempt += 1) {
      try {
        const answer = await fetch(
          `${this.server}/chat/conversations/${this.conversation}/events?after=${this.lastSeq}`,
          { headers: { Authorization: `Bearer ${this.token}`, Accept: "text/event-stream" }, signal: stream.signal },
        );
        if (!answer.ok) throw new Error("stream");
        attempt = 0;
        await this.read(answer.body.getReader());
      } catch { /* the pause below, then again */ }
      if (!stream.signal.aborted) await this.pause(attempt);
    }
  }

  async read(reader) {
    const decoder = new TextDecoder();
    for (let buffer = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      const parts = buffer.split(/\r?\n\r?\n/);
      buffer = parts.pop();
      for (const part of parts) {
        const data = part.split(/\r?\n/).filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("");
        if (data.trim()) this.show(JSON.parse(data));
      }
    }
  }

  // ---- showing ---------------------------------------------------------------------------
  show(message, { quiet = false } = {}) {
    if (this.seen.has(message.id)) return;
    this.seen.add(message.id);
    this.lastSeq = Math.max(this.lastSeq, message.seq || 0);
    if (message.author === "resident" && !quiet) return; // already on the screen as typed here
    const box = this.bubble(message.author || "bot", message.text);
    if (message.sources?.length) box.append(this.sources(message.sources));
    if (message.buttons?.length) this.offer(message.buttons);
    if (!quiet && message.author !== "resident") this.announcer.textContent = message.text;
    if (message.author === "person") this.tell("");
  }

  bubble(author, text) {
    this.log.querySelectorAll(".choices").forEach((old) => old.remove());
    const names = { resident: "我", bot: "问助", person: "工作人员", system: "" };
    const box = el("div", { className: `bubble ${author}` });
    if (names[author]) box.append(el("span", { className: "who", textContent: names[author] }));
    box.append(el("p", { textContent: text }));
    this.log.append(box);
    this.toEnd();
    return box;
  }

  sources(list) {
    const items = list.map((source) => el("li", { textContent: [source.title, source.clause, source.date].filter(Boolean).join(" · ") }));
    return el("details", {}, el("summary", { textContent: "依据" }), el("ul", {}, ...items));
  }

  offer(buttons) {
    const row = el("div", { className: "choices" });
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "可以直接点选");
    for (const button of buttons) {
      const choice = el("button", { type: "button", textContent: button.label });
      choice.addEventListener("click", () => this.say({ button: button.value }, button.label));
      row.append(choice);
    }
    this.log.append(row);
    this.toEnd();
  }

  tell(text) {
    this.status.textContent = text;
  }
}

customElements.define("wenzhu-chat", WenzhuChat);
