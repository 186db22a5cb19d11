/* What the browser adds to pages that work without it: keys, confirmations, uploads with progress,
   drafts kept as they are typed, dates and money as they are written. No dependencies. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("has-script");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);
  const english = root.lang === "en";
  const say = (vietnamese, inEnglish) => (english ? inEnglish : vietnamese);
  const token = () => one("input[name=csrfmiddlewaretoken]")?.value || "";

  /* ── keyboard ── */
  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable=true]");
  const rows = () => all("[data-rows] [data-row]");
  let chosen = -1;
  let waitsForLetter = 0;

  function choose(step) {
    const list = rows();
    if (!list.length) return;
    const at = list.findIndex((row) => row.classList.contains("is-here"));
    chosen = Math.max(0, Math.min(list.length - 1, (at < 0 ? (step > 0 ? -1 : list.length) : at) + step));
    list.forEach((row, index) => row.classList.toggle("is-here", index === chosen));
    list[chosen].scrollIntoView({ block: "nearest" });
    one("a", list[chosen])?.focus({ preventScroll: true });
  }

  function open(row, event) {
    const link = one("td a, th a", row);
    if (!link) return;
    if (event?.ctrlKey || event?.metaKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  }

  /* What is to be done: the button of the row shown beside the list, else the first field or button of the page's. */
  function toMainAction() {
    const fields = ".next-up :is(textarea, select, input:not([type=hidden]), .btn-primary)";
    const found = ["#panel .btn-primary", fields, "main .btn-primary", "main .actions .btn"]
      .map((selector) => all(selector).find((control) => control.offsetParent)).find(Boolean);
    found?.focus();
    found?.scrollIntoView({ block: "nearest" });
  }

  /* Enter on the row that is shown beside the list opens it in full. */
  function openShown(event) {
    const link = event.target.closest?.("[data-row] a");
    const full = one("#panel [data-go='m']");
    if (!link || !full || link.href !== full.href) return;
    event.preventDefault();
    full.click();
  }

  function showKeys() {
    const dialog = one("[data-keys]");
    if (!dialog || dialog.open) return;
    const list = one("[data-keys-go]", dialog);
    list.replaceChildren(...all("[data-go]").map((link) => {
      const line = document.createElement("div");
      line.append(document.createElement("dt"), document.createElement("dd"));
      for (const letter of ["g", link.dataset.go]) {
        const key = document.createElement("kbd");
        key.textContent = letter;
        line.firstChild.append(key, " ");
      }
      line.lastChild.textContent = one("span", link)?.textContent || link.textContent;
      return line;
    }));
    dialog.showModal();
  }

  function closePanel() {
    const panel = one("#panel");
    if (!panel || !panel.childElementCount) return false;
    panel.replaceChildren();
    all("[data-row][aria-current]").forEach((row) => row.removeAttribute("aria-current"));
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      all("details.menu[open]").forEach((menu) => { menu.open = false; one("summary", menu).focus(); });
      if (location.hash === "#rail") location.hash = "#main";
      if (!isTyping(event.target)) closePanel();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || one("dialog[open]")) return;
    if (waitsForLetter && Date.now() - waitsForLetter < 1500) {
      waitsForLetter = 0;
      const link = one(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); return; }
    }
    if (event.key === "Enter") { openShown(event); return; }
    const act = {
      a: toMainAction,
      x: () => one("[data-row].is-here input[type=checkbox]")?.click(),
      j: () => choose(1),
      k: () => choose(-1),
      g: () => { waitsForLetter = Date.now(); },
      "/": () => { const box = one("[data-hotkey='/']"); box?.focus(); box?.select(); },
      "?": showKeys,
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  /* ── parts of a page that are read again every so many seconds ── */
  all("[data-refresh]").forEach((part, index) => {
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(location.href, { headers: { "X-Refresh": "1" } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = all("[data-refresh]", page)[index];
        if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
      } catch { /* the line is down: the next time */ }
    }, Number(part.dataset.refresh) * 1000);
  });

  /* ── clicks ── */
  document.addEventListener("click", (event) => {
    const target = event.target;
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
    if (target.closest("[data-keys-help]")) showKeys();
    if (target.closest("[data-print]")) window.print();
    if (target.closest("[data-panel-close]")) { if (closePanel()) event.preventDefault(); }
    const copy = target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => announce(say("Đã chép.", "Copied.")));
    const row = target.closest("[data-row]");
    if (row && !target.closest("a, button, input, label, select, summary") && !String(getSelection())) open(row, event);
    if (row) all("[data-row]").forEach((other) => {
      other.classList.toggle("is-here", other === row);
      if (one("#panel")) other.toggleAttribute("aria-current", false);
    });
  });

  /* ── rows that are ticked to be done together ── */
  const ticks = () => all("[data-row] input[type=checkbox]");
  function countTicked() {
    const shown = one("[data-ticked]");
    if (shown) shown.textContent = String(ticks().filter((box) => box.checked).length);
  }
  countTicked();
  document.addEventListener("change", (event) => { if (event.target.closest("[data-row]")) countTicked(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-tick-all]")) return;
    const wanted = ticks().some((box) => !box.checked);
    ticks().forEach((box) => { box.checked = wanted; });
    countTicked();
  });

  let announcer;
  function announce(sentence) {
    if (!announcer) {
      announcer = document.createElement("p");
      announcer.className = "hidden";
      announcer.setAttribute("role", "status");
      document.body.append(announcer);
    }
    announcer.textContent = sentence;
  }

  /* ── sending: files first, ask, send once ── */
  const underway = new WeakMap(); // form: its uploads that are not done yet
  async function afterUploads(form, button) {
    if (form.dataset.waits) return;
    form.dataset.waits = "1";
    button?.classList.add("is-busy");
    announce(say("Đang tải tệp lên. Xong sẽ lưu ngay.", "Files are being uploaded. Then the page is saved."));
    while (underway.get(form).size) await Promise.allSettled([...underway.get(form)]);
    delete form.dataset.waits;
    button?.classList.remove("is-busy");
    if (!one("[data-files] .error", form)) form.requestSubmit(button);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (underway.get(form)?.size) { event.preventDefault(); afterUploads(form, button); return; }
    const question = button?.dataset.confirm || form.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    button?.classList.add("is-busy");
    button?.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sent; button?.classList.remove("is-busy"); button?.removeAttribute("aria-busy"); }, 8000);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("form[data-sent]").forEach((form) => delete form.dataset.sent);
    all(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  });

  /* ── dates and money ── */
  function groupThousands(box) {
    if (/[a-zà-ỹđ]/i.test(box.value)) return; // "50 triệu" is read where the form is checked
    const digits = box.value.replace(/[^\d]/g, "").replace(/^0+(?=\d)/, "");
    const grouped = digits.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
    if (grouped === box.value) return;
    const fromEnd = box.value.length - box.selectionStart;
    box.value = grouped;
    const at = Math.max(0, grouped.length - fromEnd);
    box.setSelectionRange(at, at);
  }

  function addCalendar(box) {
    if (box.closest(".with-date") || !HTMLInputElement.prototype.showPicker) return;
    const wrap = document.createElement("span");
    wrap.className = "with-date";
    box.replaceWith(wrap);
    const native = document.createElement("input");
    native.type = "date";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.setAttribute("aria-label", say("Chọn ngày trên lịch", "Choose a date"));
    button.innerHTML = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M8 2v4M16 2v4M3 10h18"/><rect width="18" height="18" x="3" y="4" rx="2"/></svg>';
    button.addEventListener("click", () => {
      const found = box.value.match(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/);
      native.value = found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : "";
      native.showPicker();
    });
    native.addEventListener("change", () => {
      box.value = native.value.split("-").reverse().join("/");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    wrap.append(box, button, native);
  }

  document.addEventListener("input", (event) => {
    const box = event.target;
    if (box.matches("[data-money]")) groupThousands(box);
    if (box.matches("[data-date]") && event.inputType === "insertText" && /^\d{2}(\/\d{2})?$/.test(box.value)) box.value += "/";
  });

  /* ── forms kept as they are typed ── */
  function keep(form) {
    let timer = 0;
    let last = "";
    const note = one("[data-saved]", form) || form.appendChild(Object.assign(document.createElement("p"), { className: "saved" }));
    note.setAttribute("role", "status");
    /* Only what a person typed is kept: a browser that goes back may show a page as it once was. */
    let isTyped = false, isSaving = false;
    const data = () => {
      const values = new FormData(form);
      for (const [name, value] of [...values]) if (value instanceof File) values.delete(name);
      return values;
    };
    const words = (values) => {
      const text = new URLSearchParams(values);
      text.delete("_drawn");
      return text.toString();
    };
    last = words(data());
    const soon = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const save = async () => {
      const values = data(), text = words(values), isLeaving = document.hidden;
      if (!isTyped || text === last || form.dataset.sent) return;
      if (isSaving) {
        if (!isLeaving) return soon(300);
        /* The one on its way was of this page as well. */
        values.delete("_drawn");
      }
      isSaving = true;
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: values, keepalive: isLeaving, headers: { "X-Autosave": "1", "X-CSRFToken": token() } });
        if (answer.status === 409) { note.textContent = await answer.text(); return; }
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        last = text;
        const drawn = one("[name=_drawn]", form);
        if (drawn) drawn.value = answer.headers.get("X-Drawn") || "";
        note.textContent = say("Đã lưu lúc ", "Saved at ") + new Date().toTimeString().slice(0, 5);
      } catch {
        note.textContent = say("Chưa lưu được. Ông/Bà cứ điền tiếp, hệ thống sẽ thử lại.", "Not saved yet. Keep going; we will try again.");
        soon(15000);
      } finally {
        isSaving = false;
      }
    };
    const typed = (wait) => { isTyped = true; soon(wait); };
    form.addEventListener("input", () => typed(1500));
    form.addEventListener("change", () => typed(300));
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  }

  /* ── uploads with progress ── */
  /* A citizen's photo goes out as large as it must be to be read, an A4 page at 220 dots an inch, not as the
     camera made it: on a slow line that is minutes. What the browser cannot draw again goes as it is. */
  const LARGE_PHOTO = 1024 * 1024, LONG_SIDE = 2600;
  async function lighter(file) {
    if (file.type !== "image/jpeg" || file.size <= LARGE_PHOTO || !document.documentElement.classList.contains("for-citizens")) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
      const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      if (!drawn || drawn.size > 0.7 * file.size) return file;
      return new File([drawn], file.name, { type: drawn.type, lastModified: file.lastModified });
    } catch { return file; }
  }
  const inMegabytes = (size) => say(`${(size / 1048576).toFixed(1).replace(".", ",")} MB`, `${(size / 1048576).toFixed(1)} MB`);

  async function send(field, chosen) {
    const list = one("[data-files]", field);
    const line = document.createElement("li");
    line.className = "file";
    const name = Object.assign(document.createElement("span"), { className: "file-name", textContent: chosen.name });
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", chosen.name);
    line.append(name, bar);
    list.append(line);
    const fail = (sentence) => {
      bar.remove();
      all(".help", line).forEach((part) => part.remove());
      line.append(Object.assign(document.createElement("p"), { className: "error", textContent: sentence }));
      announce(sentence);
    };
    const file = await lighter(chosen);
    const limit = Number(field.dataset.limit || 0);
    if (limit && file.size > limit) return fail(say(`Tệp “${file.name}” quá lớn. Hãy chọn tệp nhỏ hơn.`, `“${file.name}” is too large.`));
    const body = new FormData();
    body.append("name", one("input[type=file]", field).name);
    const broken = () => fail(say(`Mất kết nối khi tải tệp “${file.name}”. Hãy chọn lại tệp này: phần đã gửi không phải gửi lại.`, `The connection broke while uploading “${file.name}”. Choose it again: what was sent need not be sent again.`));
    const finish = (shown) => new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", field.dataset.upload);
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("X-Upload", "1");
      if (shown) request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100; };
      request.onload = () => {
        if (!request.responseURL.endsWith(field.dataset.upload)) {
          fail(signedOut());
        } else if (request.status >= 200 && request.status < 300) {
          const holder = document.createElement("template");
          holder.innerHTML = request.responseText;
          const place = one(".file-name", holder.content);
          if (place && file !== chosen) place.append(Object.assign(document.createElement("small"), { className: "file-note", textContent: say(`Ảnh đã được thu gọn từ ${inMegabytes(chosen.size)} cho nhẹ đường truyền.`, `The photo was made lighter from ${inMegabytes(chosen.size)} for the line.`) }));
          line.replaceWith(holder.content);
          field.classList.remove("field-bad");
          one(`#e-${CSS.escape(one("input[type=file]", field).name)}`, field)?.remove();
          announce(say(`Đã tải lên ${file.name}.`, `${file.name} uploaded.`));
        } else {
          const sentence = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain") ? request.responseText : "";
          fail(sentence || say(`Không tải được tệp “${file.name}”. Hãy thử lại.`, `“${file.name}” could not be uploaded. Try again.`));
        }
        done();
      };
      request.onerror = () => { broken(); done(); };
      request.send(body);
    });
    if (field.dataset.resume && file.size > PIECE) {
      return sendInPieces(field, file, bar, line).then((sent) => {
        if (sent.upload) { body.append("upload", sent.upload); return finish(false); }
        if (sent.whole) { body.append("file", file, file.name); return finish(true); }
        return sent.sentence ? fail(sent.sentence) : broken();
      });
    }
    body.append("file", file, file.name);
    return finish(true);
  }

  /* A file in pieces: a line that breaks costs one piece. The address of a begun upload is remembered, so
     that the same file, chosen again after a reload, goes on where it stopped. */
  class SignedOut extends Error {}
  const signedOut = () => say("Phiên đăng nhập đã kết thúc nên tệp chưa được lưu. Hãy tải lại trang, đăng nhập rồi chọn lại tệp.", "You have been signed out, so the file was not saved. Reload the page, sign in and choose it again.");
  const PIECE = 512 * 1024;
  const WAITS = [1, 2, 4, 8, 15, 30, 30, 30];
  const kept = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch { /* a browser that keeps nothing starts anew */ } },
  };
  async function sendInPieces(field, file, bar, line) {
    const key = `dinh-upload:${field.dataset.upload}:${file.name}:${file.size}:${file.lastModified}`;
    const ask = async (address, method, headers = {}, body = null) => {
      const answer = await fetch(address, { method, body, redirect: "manual", headers: { "X-CSRFToken": token(), ...headers } });
      if (answer.type === "opaqueredirect") throw new SignedOut();
      return answer;
    };
    const offsetOf = (answer) => Number(answer.headers.get("Upload-Offset"));
    const note = Object.assign(document.createElement("p"), { className: "help" });
    let address = kept.get(key), offset = null, failures = 0;
    for (;;) {
      try {
        if (!address) {
          const begun = await ask(field.dataset.resume, "POST", { "Upload-Length": file.size, "X-Upload-Name": encodeURIComponent(file.name) });
          if (begun.status === 422) return { sentence: await begun.text() };
          if (!begun.ok) return { whole: true };
          address = begun.headers.get("Location"); offset = 0;
          kept.set(key, address);
        }
        if (offset === null) {
          const known = await ask(address, "HEAD");
          if (known.status === 404) { address = null; kept.set(key, ""); continue; }
          if (!known.ok) throw new Error("away");
          offset = offsetOf(known);
        }
        if (offset >= file.size) break;
        const answer = await ask(address, "PATCH", { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" }, file.slice(offset, offset + PIECE));
        if (answer.status === 404) { address = null; offset = null; kept.set(key, ""); continue; }
        if (!answer.ok && answer.status !== 409) throw new Error("away");
        offset = offsetOf(answer);
        bar.value = (offset / file.size) * 100;
        failures = 0;
        note.remove();
      } catch (problem) {
        if (problem instanceof SignedOut) return { sentence: signedOut() };
        if (failures === WAITS.length) return {};
        note.textContent = say("Mất kết nối, hệ thống sẽ tự gửi tiếp phần còn lại.", "The connection broke; the rest will be sent by itself.");
        if (!note.isConnected) { line.append(note); announce(note.textContent); }
        await new Promise((go) => {
          const timer = setTimeout(go, 1000 * WAITS[failures]);
          addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
        });
        failures += 1;
        offset = null;
      }
    }
    kept.set(key, "");
    note.remove();
    return { upload: address.split("/").filter(Boolean).pop() };
  }

  function enhanceUpload(field) {
    const input = one("input[type=file]", field);
    const drop = one(".drop", field);
    const form = field.closest("form");
    const take = (files) => {
      const sent = (async () => { for (const file of files) await send(field, file); })();
      const open = underway.get(form) || new Set();
      underway.set(form, open.add(sent));
      sent.finally(() => open.delete(sent));
    };
    input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; take(files); });
    for (const kind of ["dragover", "dragleave", "drop"]) drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") take([...event.dataTransfer.files]);
    });
  }

  /* files that go with their form: say which were chosen, the browser's own box is hidden */
  function nameChosen(field) {
    const input = one("input[type=file]", field);
    const drop = one(".drop", field);
    const list = one("[data-files]", field);
    const kept = [...list.children];
    input.addEventListener("change", () => list.replaceChildren(...kept, ...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.className = "file";
      line.append(Object.assign(document.createElement("span"), { className: "file-name", textContent: file.name }));
      return line;
    })));
    for (const kind of ["dragover", "dragleave", "drop"]) drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", kind === "dragover");
      if (kind !== "drop") return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* ── conditions of forms: fields that appear when an answer asks for them ── */
  function watchConditions(form) {
    const parts = all("[data-show-if]", form);
    if (!parts.length) return;
    const known = JSON.parse(one("[data-known]", form)?.dataset.known || "{}");
    const typed = (name) => {
      const boxes = all(`[name="${CSS.escape(name)}"]`, form);
      if (!boxes.length) return null;
      return boxes.filter((box) => !box.disabled && (!/radio|checkbox/.test(box.type) || box.checked)).map((box) => box.value).filter(Boolean);
    };
    const answer = (name, prefix) => {
      for (const full of [prefix + name, name]) { const values = typed(full); if (values) return values; }
      const value = known[name];
      return value === null || value === undefined ? [] : [].concat(value).map(String);
    };
    const number = (text) => Number(String(text).replace(/\./g, "").replace(",", "."));
    const holds = (asked, prefix) => {
      if (asked.all) return asked.all.every((part) => holds(part, prefix));
      if (asked.any) return asked.any.some((part) => holds(part, prefix));
      if (asked.not) return !holds(asked.not, prefix);
      const values = answer(asked.field, prefix);
      if ("given" in asked) return (values.length > 0) === asked.given;
      if ("is" in asked) return values.includes(String(asked.is));
      if ("in" in asked) return asked.in.map(String).some((wanted) => values.includes(wanted));
      if (!values.length) return false;
      return "at_least" in asked ? number(values[0]) >= asked.at_least : number(values[0]) <= asked.at_most;
    };
    const settle = () => parts.forEach((part) => {
      const shown = holds(JSON.parse(part.dataset.showIf), part.dataset.prefix || "") && !part.parentElement.closest("[hidden]");
      part.hidden = !shown;
      all("input, select, textarea, button", part).forEach((box) => { box.disabled = !shown; });
    });
    form.addEventListener("change", settle);
    settle();
  }

  function enhance(from) {
    all("[data-date]", from).forEach(addCalendar);
    all("form[data-autosave]", from).forEach(keep);
    all("[data-upload]", from).forEach(enhanceUpload);
    all(".upload:not([data-upload])", from).forEach(nameChosen);
    all("form", from).forEach(watchConditions);
    one("[data-focus]", from)?.focus();
  }
  enhance(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) enhance(event.target); });
})();
