import { camelCase } from '../../../common/names';
import { versionsText } from '../../define/attribute';
import type { Field } from '../../define/shape';

/** A doc comment of one or more lines, indented. */
export function docComment(lines: readonly string[], indent = ''): string {
  const safe = lines.map((line) => line.replaceAll('*/', '*\\/'));
  if (safe.length === 1) return `${indent}/** ${safe[0]} */`;
  return [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join('\n');
}

/** A description with the names of attributes in camelCase. */
export function describe(text: string): string {
  return text.replace(/`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)`/g, (_, name: string) => `\`${camelCase(name)}\``);
}

/** The doc comment of a property of a configuration. */
export function propertyDoc(field: Field): readonly string[] {
  const versions = versionsText(field.facts);
  return [
    describe(field.description.replace(statedDefault, '')),
    ...(versions === undefined ? [] : [versions]),
    ...(field.facts.forceNew ? ['Changing this forces replacement.'] : []),
    ...(field.required ? [] : [`@default ${defaultText(field)}`]),
    ...(field.facts.deprecated ? [`@deprecated ${describe(field.facts.deprecated)}`] : []),
  ];
}

/** The end of a description that states what the provider does when an optional attribute is left out. */
const statedDefault = / Default ([^.]+)\.$/;

function defaultText(field: Field): string {
  const stated = statedDefault.exec(field.description)?.[1];
  if (stated !== undefined) return stated;
  if (field.default !== undefined) return JSON.stringify(field.default);
  return field.computed ? 'set by the server' : 'none';
}
