import { isRecord, type Value, type ValueRecord } from '../../src/common/value';

/** A resource block in HCL; what is null is left out. */
export function resourceBlock(type: string, name: string, config: ValueRecord): string {
  return `resource "${type}" "${name}" ${object(config, '')}\n`;
}

/** A value as an HCL expression, over as many lines as it has members. */
export function hclOf(value: Value, indent = ''): string {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map((item) => hclOf(item, indent)).join(', ')}]`;
  return isRecord(value) ? object(value, indent) : String(value);
}

function object(values: ValueRecord, indent: string): string {
  const members = Object.entries(values).filter(([, value]) => value !== null);
  const lines = members.map(([key, value]) => `${indent}  ${/^\w+$/.test(key) ? key : text(key)} = ${hclOf(value, `${indent}  `)}\n`);
  return `{\n${lines.join('')}${indent}}`;
}

const short: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const special = new RegExp('["\\\\\\u0000-\\u001f\\u007f]', 'g');

/** HCL knows fewer escapes than JSON, and takes `${` and `%{` for expressions. */
function text(value: string): string {
  const escaped = value.replace(special, (letter) => short[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped.replaceAll('${', '$${').replaceAll('%{', '%%{')}"`;
}
