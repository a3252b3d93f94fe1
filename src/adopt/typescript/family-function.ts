import { Expression, typeScriptLiteral, WIDTH } from '../../schema/derive/literal';
import { identifierOf } from '../names';
import type { Alike } from './alike';

/** The function that makes the objects of a family. */
export class FamilyFunction {
  constructor(
    private readonly name: string,
    private readonly className: string,
    private readonly family: Alike,
  ) {}

  /** Its definition, from the arguments of one member. */
  text(written: Readonly<Record<string, unknown>>, indent: string): string {
    const { parameters, naming } = this.family;
    const inner = `${indent}  `;
    const config: Record<string, unknown> = { ...written };
    for (const { key } of parameters) config[key] = new Expression(argument(key), '');
    const list = parameters.map(({ key, type, optional }) => `${argument(key)}${optional ? '?' : ''}: ${type}`);
    const head = `${indent}const ${this.name} = (${list.join(', ')}): ${this.className} =>`;
    const made = `new ${this.className}(this, ${argument(naming)}, `;
    const literal = typeScriptLiteral(config, { indent: inner, beside: made.length + 2, broken: Object.keys(config).length > 3 });
    const shownHead =
      head.length <= WIDTH
        ? head
        : `${indent}const ${this.name} = (\n${list.map((one) => `${inner}${one},\n`).join('')}${indent}): ${this.className} =>`;
    const flat = `${shownHead} ${made}${typeScriptLiteral(config)});`;
    if (Object.keys(config).length <= 3 && !flat.includes('\n') && flat.length <= WIDTH) return flat;
    return `${shownHead}\n${inner}${made}${literal});`;
  }

  /** A call for one member. */
  call(written: Readonly<Record<string, unknown>>): string {
    const given = this.family.parameters.map(({ key }) => (key in written ? typeScriptLiteral(written[key]) : 'undefined'));
    while (given.at(-1) === 'undefined') given.pop();
    return `${this.name}(${given.join(', ')})`;
  }
}

/** An attribute's name as that of a parameter. */
const argument = (key: string): string => identifierOf(key);
