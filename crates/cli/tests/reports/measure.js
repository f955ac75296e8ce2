// What is wrong with the layout and the colors of a page, each as a line: what is wider than the window, what is cut or spills out of its box, and
// what has too little contrast (WCAG 2.2, success criteria 1.4.3 for text, 1.4.11 for charts and controls).
(() => {
  const problems = [];
  const width = document.documentElement.clientWidth;
  const name = (e) => `<${e.tagName.toLowerCase()} class="${e.getAttribute("class") ?? ""}"> ${e.textContent.trim().slice(0, 40)}`;
  const isShown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.matches(".skip");
  const lines = (text) => Number.parseFloat(text);

  if (document.documentElement.scrollWidth > width) {
    problems.push(`the page is ${document.documentElement.scrollWidth} wide, of ${width}`);
  }
  const elements = [...document.querySelectorAll("body *:not(script, style, svg *)")].filter(isShown);
  for (const e of elements) {
    const box = e.getBoundingClientRect();
    if (box.width > 0 && (box.right > width + 1 || box.left < -1)) problems.push(`outside of the window: ${name(e)}`);
    const style = getComputedStyle(e);
    const isField = e.matches("input, select, option");
    // An inline box has no width of its own.
    if (!isField && style.display !== "inline" && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1) {
      problems.push(`wider than its box by ${e.scrollWidth - e.clientWidth}: ${name(e)}`);
    }
    if (!isField && style.overflowY !== "visible" && e.tagName !== "svg" && e.scrollHeight > e.clientHeight + 1) {
      problems.push(`cut: ${name(e)}`);
    }
  }

  // A word of a heading or a number stands on one line.
  for (const e of elements.filter((e) => e.matches("h1, th, .badge, .num, label, button:not(.link)"))) {
    const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      if (text.parentElement.closest("code, a, .link, select") !== null) continue;
      for (const word of text.textContent.matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) problems.push(`broken: ${word[0]}: ${name(e)}`);
      }
    }
  }

  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [a, b] = [luminance(one), luminance(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const isClear = (color) => channels(color).length === 4 && channels(color)[3] === 0;
  const background = (e) => {
    for (let at = e; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!isClear(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const seen = new Set();
  const check = (what, color, behind, least) => {
    const found = contrast(color, behind);
    const problem = `contrast ${found.toFixed(2)} of ${least}: ${color} on ${behind}: ${what}`;
    // Once for each pair of colors.
    if (found < least && !seen.has(color + behind)) {
      seen.add(color + behind);
      problems.push(problem);
    }
  };
  const least = (style) => {
    const size = lines(style.fontSize);
    return size >= 24 || (size >= 18.66 && lines(style.fontWeight) >= 700) ? 3 : 4.5;
  };
  for (const e of elements) {
    const style = getComputedStyle(e);
    const hasText = [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
    if (hasText || e.matches("input, select")) check(name(e), style.color, background(e), least(style));
    // On paper, 8 points can be read.
    const smallest = matchMedia("print").matches ? 10 : 11;
    if (hasText && lines(style.fontSize) < smallest) problems.push(`text of ${style.fontSize}: ${name(e)}`);
    if (e.matches("input, select")) check(name(e), style.borderTopColor, background(e), 3);
    for (const pseudo of ["::before", "::after"]) {
      const own = getComputedStyle(e, pseudo);
      if (own.content !== "none" && own.content !== "normal" && own.display !== "none" && !/^"\s*"$/.test(own.content)) {
        check(`${name(e)}${pseudo}`, own.color, isClear(own.backgroundColor) ? background(e) : own.backgroundColor, least(own));
      }
    }
  }
  for (const rect of document.querySelectorAll("svg.bar rect, svg.trend circle")) {
    if (isShown(rect)) check(`a part of a chart: ${rect.getAttribute("class")}`, getComputedStyle(rect).fill, background(rect), 3);
  }
  return problems;
})()
