import * as z from 'zod';
import type { FunctionDefinition } from '../../src/schema/define/definition';
import type { Shape } from '../../src/schema/define/shape';
import { functionsText } from '../../src/schema/derive/construct/functions-text';
import type { TypeConstraint } from '../../src/schema/derive/terraform';

const shapeOf = (type: TypeConstraint): Shape => {
  if (typeof type === 'string') return { kind: type } as Shape;
  const [kind, element] = type;
  return kind === 'object'
    ? { kind, fields: [] }
    : { kind: kind as 'list', element: shapeOf(element as TypeConstraint), elementType: z.any() };
};

const made = (name: string, parameters: readonly TypeConstraint[], returns: TypeConstraint): FunctionDefinition => ({
  name,
  summary: 'Makes it.',
  description: 'Makes it */ at once.',
  parameters: parameters.map((type, index) => ({
    name: `the_${index}`,
    shape: shapeOf(type),
    type: z.any(),
    description: `Number ${index}.`,
  })),
  returns: shapeOf(returns),
  call: () => '',
  example: { call: `provider::made::${name}()`, gives: '' },
});
const textOf = (...functions: FunctionDefinition[]): string => functionsText({ name: 'made', title: 'Made', functions });

test('a class of functions is a static method for each, with its description and parameters', () => {
  expect(textOf(made('first_one', ['string'], 'string'))).toBe(`/**
 * Functions of the provider for Made, as expressions that are evaluated at deployment.
 * They need the provider in the stack, and Terraform 1.8 or OpenTofu 1.7; an app on cdktn declares these versions in its context
 * (\`targetVersions: { terraform: ">=1.8.0", opentofu: ">=1.7.0" }\`).
 */
export class MadeFunctions {
  /**
   * Makes it *\\/ at once.
   * In HCL: \`provider::made::first_one()\`.
   * @param the0 Number 0.
   */
  static firstOne(the0: string): string {
    return Token.asString(providerFunction('made', 'first_one', [the0]));
  }
}`);
});

const signature = (definition: FunctionDefinition): string => / {2}static (.*) \{/.exec(textOf(definition))?.[1] ?? '';
const result = (returns: TypeConstraint): string => / {4}return (.*);/.exec(textOf(made('it', [], returns)))?.[1] ?? '';
const bare = "providerFunction('made', 'it', [])";

test('every type of a parameter that has a TypeScript type gets it', () => {
  const types: TypeConstraint[] = ['string', 'number', 'bool', ['list', 'string'], ['set', 'number'], ['map', 'string']];
  expect(signature(made('it', types, 'string'))).toBe(
    'it(the0: string, the1: number, the2: boolean | IResolvable, the3: string[], the4: number[], the5: { [key: string]: string }): string',
  );
});

test.each<readonly [TypeConstraint, string, string]>([
  ['string', 'string', `Token.asString(${bare})`],
  ['number', 'number', `Token.asNumber(${bare})`],
  ['bool', 'IResolvable', bare],
  [['list', 'string'], 'string[]', `Token.asList(${bare})`],
  [['list', 'number'], 'number[]', `Token.asNumberList(${bare})`],
  [['map', 'string'], '{ [key: string]: string }', `Token.asStringMap(${bare})`],
])('a result of the type %j is a token of the type %s', (type, name, expression) => {
  expect(signature(made('it', [], type))).toBe(`it(): ${name}`);
  expect(result(type)).toBe(expression);
});

test('what has no TypeScript type, and names that a class has already, stop the generation', () => {
  expect(() => textOf(made('it', [['object', {}]], 'string'))).toThrow(
    'function "it": a parameter has the type ["object",{}], which has no',
  );
  expect(() => textOf(made('it', [], ['set', 'string']))).toThrow('function "it": the result has the type ["set","string"], which has no');
  expect(() => textOf(made('length', [], 'string'))).toThrow('function "length": a class cannot have a static member of this name');
});
