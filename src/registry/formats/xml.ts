import { markupParser } from './markup';

/** An element of a document, without attributes. */
export interface XmlElement {
  readonly name: string;
  /** The text directly in it, without white space around it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
  /** Where its opening tag ends. */
  readonly opened: number;
}

/** More than any document has that is read here. */
export const MAX_DEPTH = 100;

/** Reads a document whose root has a name; throws with what was expected when it is something else or its tags do not match. */
export function readXml(body: Buffer, root: string, expected: string): XmlElement {
  const outside: Open = { name: '', text: '', children: [], opened: -1 };
  const open = [outside];
  let problem = '';
  const parser = markupParser(
    { what: expected, maxDepth: MAX_DEPTH, isXml: true },
    {
      onopentag(name) {
        open.push({ name: local(name), text: '', children: [], opened: parser.endIndex });
      },
      ontext(text) {
        const last = open.at(-1);
        if (last) last.text += text;
      },
      onclosetag(name, isImplied) {
        const closed = open.pop();
        // A tag that closes itself is closed where it is opened.
        if (isImplied && closed?.opened !== parser.endIndex) problem ||= `<${local(name)}> is not closed`;
        if (closed) open.at(-1)?.children.push({ name: closed.name, text: closed.text.trim(), children: closed.children });
      },
    },
  );
  parser.end(body.toString('utf8'));
  const [found] = outside.children;
  if (found?.name !== root || outside.children.length > 1) problem ||= `its outermost element is not <${root}>`;
  if (problem || !found) throw new Error(`not ${expected}: ${problem}`);
  return found;
}

/** The child of a name, the first one. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The text of the child of a name, or an empty one. */
export function textIn(element: XmlElement | undefined, name: string): string {
  return childOf(element, name)?.text ?? '';
}

/** Writes an element whose content is a text or other elements; without content it is left out. */
export function xml(name: string, content: string | readonly string[]): string {
  if (typeof content === 'string') return content === '' ? '' : `<${name}>${escaped(content)}</${name}>\n`;
  const inside = content.join('');
  return inside === '' ? '' : `<${name}>\n${inside.replace(/^(?=.)/gm, '  ')}</${name}>\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
