import { visible } from '../common/visible';

/** What can stand in an element. */
export type Child = Node | string | number | undefined | false | readonly Child[];

type Attributes = Readonly<Record<string, unknown>>;

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element. Texts become text, never markup; members that begin with `on` are listeners; `undefined` and `false` are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes?: Attributes, ...children: Child[]): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** Makes an element of a drawing. */
export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes?: Attributes, ...children: Child[]): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled<E extends Element>(element: E, attributes: Attributes = {}, children: readonly Child[] = []): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...nodesOf(children));
  return element;
}

function nodesOf(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child): (Node | string)[] => {
    if (child === undefined || child === false) return [];
    if (Array.isArray(child)) return nodesOf(child as readonly Child[]);
    return [typeof child === 'number' ? String(child) : (child as Node | string)];
  });
}

/** Replaces what is in an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...nodesOf(children));
}

/** A text of others, apart from what is around it: whatever it begins with, it changes the direction of nothing else. */
export function own(text: string, attributes: Attributes = {}): HTMLElement {
  return h('bdi', attributes, visible(text));
}

let live: HTMLElement | undefined;

/** Says something to everybody, readers of screens too, without taking the focus. */
export function say(text: string): void {
  live ??= document.body.appendChild(h('div', { class: 'toast', role: 'status' }));
  live.textContent = text;
  live.classList.remove('over');
  const said = live;
  clearTimeout(Number(said.dataset['timer']));
  said.dataset['timer'] = String(setTimeout(() => said.classList.add('over'), 6000));
}
