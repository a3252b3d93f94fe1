import { snakeCase } from '../../common/names';
import { isJsonObject } from '../define/json';
import type { Shape } from '../define/shape';

/** An expression in generated code, such as a reference, in both languages. */
export class Expression {
  constructor(
    readonly typeScript: string,
    readonly hcl: string,
  ) {}
}

/** How wide generated TypeScript is; a team's own formatter may have another opinion. */
export const WIDTH = 120;

/** Where a value stands in TypeScript. */
export interface TypeScriptPlace {
  /** The indentation of its line. */
  readonly indent?: string;
  /** How many columns the rest of its line takes. */
  readonly beside?: number;
  /** Whether an object has a line for each member, however short it is. @default false */
  readonly broken?: boolean;
}

/** A value in TypeScript, as Prettier would have it; `null` and `undefined` members are left out. */
export function typeScriptLiteral(value: unknown, { indent = '', beside = 0, broken = false }: TypeScriptPlace = {}): string {
  if (!broken && !hasManyObjects(value)) {
    const flat = flatLiteral(value);
    if (indent.length + beside + flat.length <= WIDTH) return flat;
  }
  const inner = `${indent}  `;
  if (value instanceof Expression || typeof value !== 'object' || value === null) return flatLiteral(value);
  if (Array.isArray(value))
    return `[\n${value.map((item) => `${inner}${typeScriptLiteral(item, { indent: inner, beside: 1 })},\n`).join('')}${indent}]`;
  // Quotes are left out only where no key of the object needs them.
  const members = membersOf(value);
  const lines = members.map(([key, item]) => {
    const name = memberName(key);
    return `${inner}${property(name, typeScriptLiteral(item, { indent: inner, beside: name.length + 3 }))},\n`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}

/** Several objects in a list are written one below the other. */
function hasManyObjects(value: unknown): boolean {
  if (value instanceof Expression || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value))
    return (value.length > 1 && value.every((item) => isJsonObject(item) && !(item instanceof Expression))) || value.some(hasManyObjects);
  return Object.values(value).some(hasManyObjects);
}

function flatLiteral(value: unknown): string {
  if (value instanceof Expression) return value.typeScript;
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? quote(value) : String(value);
  const members = membersOf(value).map(([key, item]) => property(memberName(key), flatLiteral(item)));
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

const membersOf = (value: object): [string, unknown][] => Object.entries(value).filter(([, item]) => item !== null && item !== undefined);

const property = (name: string, text: string): string => (name === text && isIdentifier(name) ? name : `${name}: ${text}`);

/** The name of a member. Written plainly, `__proto__` would set the prototype. */
const memberName = (key: string): string => (key === '__proto__' ? `['${key}']` : isIdentifier(key) ? key : quote(key));

const isIdentifier = (key: string): boolean => /^[a-zA-Z_]\w*$/.test(key);

/** A literal that shows what it has: characters that reorder what is written around them, and those that end lines, become escapes. */
const visible = (literal: string): string =>
  literal.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\p{Bidi_Control}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A text in TypeScript, in single quotes unless it has more of those than double ones. */
export function quote(text: string): string {
  const json = visible(JSON.stringify(text));
  const count = (mark: string): number => text.split(mark).length - 1;
  return count("'") > count('"') ? json : `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Where a value stands in HCL: its shape, which tells attributes from the keys of a map, and the indentation. */
export interface HclPlace {
  readonly shape: Shape | undefined;
  readonly indent: string;
}

/** The arguments of a block or an object in HCL as `terraform fmt` has them, one a line; `null` and `undefined` ones are left out. */
export function hclArguments(config: Readonly<Record<string, unknown>>, { shape, indent }: HclPlace): string {
  // The keys of a map are the user's own.
  const write = shape?.kind === 'map' ? hclKey : snakeCase;
  const lines = Object.entries(config)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => [write(key), hclLiteral(value, { shape: shape && memberShape(shape, key), indent })] as const);
  return lines.map(([key, text], at) => `${indent}${key.padEnd(isLong(text) ? 0 : widthAt(lines, at))} = ${text}\n`).join('');
}

const isLong = (text: string): boolean => text.includes('\n');

/** The width of the keys around a place: equals signs are aligned as far as values take one line. */
function widthAt(lines: readonly (readonly [key: string, text: string])[], at: number): number {
  const [before, after] = [
    lines.slice(0, at).findLastIndex(([, text]) => isLong(text)),
    lines.findIndex(([, text], i) => i > at && isLong(text)),
  ];
  const around = lines.slice(before + 1, after < 0 ? undefined : after);
  return Math.max(...around.map(([key]) => [...key].length));
}

/** A value in HCL. */
export function hclLiteral(value: unknown, { shape, indent }: HclPlace): string {
  if (value instanceof Expression) return value.hcl;
  if (Array.isArray(value)) {
    const inner = shape && memberShape(shape, '');
    if (value.length > 1 && value.some((item) => isJsonObject(item) && !(item instanceof Expression))) {
      const deeper = `${indent}  `;
      return `[\n${value.map((item) => `${deeper}${hclLiteral(item, { shape: inner, indent: deeper })},\n`).join('')}${indent}]`;
    }
    return `[${value.map((item) => hclLiteral(item, { shape: inner, indent })).join(', ')}]`;
  }
  if (isJsonObject(value)) {
    const members = hclArguments(value, { shape, indent: `${indent}  ` });
    return members === '' ? '{}' : `{\n${members}${indent}}`;
  }
  return typeof value === 'string' ? hclText(value) : String(value);
}

const hclKey = (key: string): string => (/^[a-zA-Z_][\w-]*$/.test(key) ? key : hclText(key));

/** A text in quotes, in which nothing is a template. HCL lacks two escapes of JSON. */
const hclText = (text: string): string =>
  visible(JSON.stringify(templateText(text))).replace(
    /\\(.)/g,
    (escape, sign) => ({ b: '\\u0008', f: '\\u000c' })[sign as string] ?? escape,
  );

/** A text as it has to be written where Terraform reads templates, so that it stands for itself. */
export const templateText = (text: string): string => text.replace(/[$%]\{/g, (opening) => opening.charAt(0) + opening);

function memberShape(shape: Shape, key: string): Shape | undefined {
  if (shape.kind === 'object') return shape.fields.find((field) => field.key === key)?.shape;
  return 'element' in shape ? shape.element : undefined;
}
