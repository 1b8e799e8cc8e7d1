// Elements are made once and then changed in place, so that focus, selection and scroll position stay.

const svgNames = new Set(['svg', 'g', 'path', 'rect', 'line', 'text', 'title', 'desc', 'circle']);

/** Makes an element: h('p.note', { id: 'x', onclick }, 'text', child). Properties that are null or false are left out. */
export function h(spec, properties, ...children) {
  const [name, ...classes] = spec.split('.');
  const isSvg = svgNames.has(name);
  const element = isSvg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  if (classes.length > 0)
    element.setAttribute('class', classes.join(' '));
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (key.startsWith('on'))
      element.addEventListener(key.slice(2), value);
    else
      attribute(element, key, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets, or with null or false removes, an attribute, if it differs. */
export function attribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name))
      element.removeAttribute(name);
  } else {
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text)
      element.setAttribute(name, text);
  }
}

/** Sets the text of an element, if it differs. */
export function text(element, value) {
  const wanted = value === null || value === undefined ? '' : String(value);
  if (element.firstChild?.nodeType === Node.TEXT_NODE && element.childNodes.length === 1) {
    if (element.firstChild.nodeValue !== wanted)
      element.firstChild.nodeValue = wanted;
  } else if (element.textContent !== wanted || element.childNodes.length > 0) {
    element.textContent = wanted;
  }
}

export function show(element, isShown) {
  if (element.hidden === isShown)
    element.hidden = !isShown;
}

/** A list of elements kept in step with a list of items: those of known keys are changed in place, and moved only if they must be. */
export class KeyedList {
  #parts = new Map();

  /** @param make makes { element, update(item) } for an item */
  constructor(parent, make) {
    this.parent = parent;
    this.make = make;
  }

  update(items, keyOf = item => item.id) {
    const keys = new Set(items.map(keyOf));
    for (const [key, part] of this.#parts) {
      if (!keys.has(key)) {
        part.element.remove();
        this.#parts.delete(key);
      }
    }
    let next = this.parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      let part = this.#parts.get(key);
      if (!part)
        this.#parts.set(key, part = this.make(item));
      part.update(item);
      if (part.element === next)
        next = next.nextElementSibling;
      else
        this.parent.insertBefore(part.element, next);
    }
  }
}

let counter = 0;

/** An id for an element that another one refers to. */
export const newId = prefix => `${prefix}-${++counter}`;
