import type { FunctionDefinition } from '../../define/definition';
import { camelCase } from '../../../common/names';
import type { ProviderDefinition } from '../../define/provider';
import type { TypeConstraint } from '../terraform';
import { typeConstraint } from '../to-terraform';
import { docComment } from './docs';
import { functionsClass } from './names';

/** The static members that every class has. */
const reserved = ['arguments', 'caller', 'length', 'name', 'prototype'];

/** The class of a provider's functions: one static method each, which returns the call as an expression. */
export function functionsText({ name, title, functions }: Pick<ProviderDefinition, 'name' | 'title' | 'functions'>): string {
  const doc = [
    `Functions of the provider for ${title}, as expressions that are evaluated at deployment.`,
    'They need the provider in the stack, and Terraform 1.8 or OpenTofu 1.7; an app on cdktn declares these versions in its context',
    '(`targetVersions: { terraform: ">=1.8.0", opentofu: ">=1.7.0" }`).',
  ];
  const methods = functions.map((one) => method(name, one)).join('\n\n');
  return `${docComment(doc)}\nexport class ${functionsClass(name)} {\n${methods}\n}`;
}

function method(provider: string, definition: FunctionDefinition): string {
  const { name, description, parameters, returns, example } = definition;
  if (reserved.includes(camelCase(name))) throw new Error(`function "${name}": a class cannot have a static member of this name`);
  const doc = docComment(
    [
      description,
      `In HCL: \`${example.call}\`.`,
      ...parameters.map((parameter) => `@param ${camelCase(parameter.name)} ${parameter.description}`),
    ],
    '  ',
  );
  const list = parameters
    .map((parameter) => `${camelCase(parameter.name)}: ${argumentType(typeConstraint(parameter.shape), name)}`)
    .join(', ');
  const args = parameters.map((parameter) => camelCase(parameter.name)).join(', ');
  const result = resultOf(typeConstraint(returns), name);
  return `${doc}
  static ${camelCase(name)}(${list}): ${result.type} {
    return ${result.wrap(`providerFunction('${provider}', '${name}', [${args}])`)};
  }`;
}

/** The TypeScript type of an argument. */
function argumentType(type: TypeConstraint, name: string): string {
  if (type === 'string' || type === 'number') return type;
  if (type === 'bool') return 'boolean | IResolvable';
  const [kind, element] = type;
  if ((kind === 'list' || kind === 'set') && (element === 'string' || element === 'number')) return `${element}[]`;
  if (kind === 'map' && (element === 'string' || element === 'number')) return `{ [key: string]: ${element} }`;
  throw new Error(`function "${name}": a parameter has the type ${JSON.stringify(type)}, which has no TypeScript type here`);
}

interface Result {
  readonly type: string;
  wrap(call: string): string;
}

/** The TypeScript type of a result, and how the expression becomes one. */
function resultOf(type: TypeConstraint, name: string): Result {
  const token = (of: string, method: string): Result => ({ type: of, wrap: (call) => `Token.${method}(${call})` });
  if (type === 'string') return token('string', 'asString');
  if (type === 'number') return token('number', 'asNumber');
  if (type === 'bool') return { type: 'IResolvable', wrap: (call) => call };
  if (type !== 'dynamic') {
    const [kind, element] = type;
    if (kind === 'list' && element === 'string') return token('string[]', 'asList');
    if (kind === 'list' && element === 'number') return token('number[]', 'asNumberList');
    if (kind === 'map' && element === 'string') return token('{ [key: string]: string }', 'asStringMap');
  }
  throw new Error(`function "${name}": the result has the type ${JSON.stringify(type)}, which has no TypeScript type here`);
}
