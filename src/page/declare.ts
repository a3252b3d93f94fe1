import { configurationOf } from '../schema/api/configuration';
import { fromApi } from '../schema/api/from-api';
import { type ClientUse } from '../schema/define/definition';
import { type JsonObject } from '../schema/define/json';
import { type Field } from '../schema/define/shape';
import { hclArguments, quote, templateText, typeScriptLiteral } from '../schema/derive/literal';
import { camelCase, snakeCase } from '../common/names';
import { type Value, type ValueRecord } from '../common/value';

/** What the definition of a resource says of declaring it; made of the definitions when the page is built. */
export interface Declarable {
  readonly type: string;
  readonly provider: string;
  readonly className: string;
  readonly fields: readonly Field[];
  /** The secrets that the server does not tell, each with the attribute without which it means nothing. */
  readonly secrets: readonly { readonly attribute: string; readonly requires: readonly string[] }[];
  readonly clients?: ClientUse;
}

/** The code that declares an object, in each language. */
export interface Declaration {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

/** The code that declares an object of the API. */
export function declare({ type, provider, className, fields, secrets }: Declarable, object: JsonObject): readonly Declaration[] {
  const read = fromApi(fields, object);
  if (read.problems) throw new Error(`the registry describes the ${type} in a way that cannot be declared: ${read.problems.join('; ')}`);
  const config = configurationOf(fields, read.values);
  const name = typeof config['name'] === 'string' ? config['name'] : type;
  const missing = secrets.filter(({ requires }) => requires.every((one) => (config[one] ?? null) !== null));
  const inTypeScript = literalOf(config, fields);
  const typeScript = (core: string): Declaration => ({
    language: `TypeScript, ${core}`,
    file: 'main.ts',
    text: [
      `import { ${className} } from '${core === 'cdktf' ? 'repoform' : 'repoform/cdktn'}/${provider}';\n\n`,
      ...missing.map(({ attribute }) => `// The server never returns ${attribute}; set it from a secret.\n`),
      `new ${className}(this, ${quote(name)}, ${typeScriptLiteral(inTypeScript, { broken: true })});\n`,
    ].join(''),
  });
  const body = hclArguments(keyed(config, fields), { shape: { kind: 'object', fields }, indent: '  ' });
  const label = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?![A-Za-z_])/, '_');
  const notes = missing.map(({ attribute }) => `  # The server never returns ${snakeCase(attribute)}; set it from a variable.\n`).join('');
  const hcl = { language: 'HCL', file: 'main.tf', text: `resource "${type}" "${label}" {\n${body}${notes}}\n` };
  return [typeScript('cdktf'), typeScript('cdktn'), hcl];
}

/** The names of TypeScript, and texts as the core reads them. */
function literalOf(config: ValueRecord, fields: readonly Field[]): Record<string, unknown> {
  return templates(keyed(config, fields)) as Record<string, unknown>;
}

function templates(value: unknown): unknown {
  if (typeof value === 'string') return templateText(value);
  if (Array.isArray(value)) return value.map(templates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, templates(member)]));
}

function keyed(config: ValueRecord, fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      const field = fields.find((one) => one.name === name);
      return [field?.key ?? camelCase(name), field ? memberOf(field, value) : value];
    }),
  );
}

function memberOf({ shape }: Field, value: Value): unknown {
  const inside = 'element' in shape ? shape.element : shape;
  if (inside.kind !== 'object' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => keyed(one as ValueRecord, inside.fields));
  return shape.kind === 'object' ? keyed(value as ValueRecord, inside.fields) : value;
}
