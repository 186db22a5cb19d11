/* Rows of a condition: once a question is chosen whose answers are a list, they are offered as one. */
(() => {
  "use strict";
  const all = (selector, from) => [...from.querySelectorAll(selector)];

  function offer(form, question) {
    const answers = JSON.parse(form.dataset.answers || "{}")[question.value];
    const name = question.name.replace(/cau_hoi$/, "tra_loi");
    const box = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const how = form.querySelector(`[name="${CSS.escape(question.name.replace(/cau_hoi$/, "phep"))}"]`);
    if (!box) return;
    const listed = answers && how?.value !== "in";
    if (!listed && box.tagName === "INPUT") return;
    const other = document.createElement(listed ? "select" : "input");
    other.name = box.name;
    other.id = box.id;
    if (box.hasAttribute("aria-describedby")) other.setAttribute("aria-describedby", box.getAttribute("aria-describedby"));
    if (listed) other.append(...["", ...answers].map((words) => new Option(words || "–", words, false, words === box.value)));
    else other.value = box.value;
    box.replaceWith(other);
  }

  function enhance(from) {
    all("form[data-answers]", from).forEach((form) => {
      const questions = () => all("select[name$='.cau_hoi']", form);
      questions().forEach((question) => offer(form, question));
      form.addEventListener("change", (event) => {
        const name = event.target.name || "";
        const question = questions().find((one) => one === event.target || one.name.replace(/cau_hoi$/, "phep") === name);
        if (question) offer(form, question);
      });
    });
  }
  enhance(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) enhance(event.target); });
})();
