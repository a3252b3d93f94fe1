import type { EphemeralDefinition } from '../../src/schema/define/definition';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ProviderHandler } from '../../src/handler/provider-handler';
import { GetProviderSchemaResponse } from '../../src/protocol/gen/messages';
import { encodeProviderSchema } from '../../src/protocol/rpc/schemas';
import { decode } from '../../src/protocol/wire/codec';
import { attr, type PlainFacts } from '../../src/schema/define/attribute';
import { baseMembers, collisions } from '../../src/schema/derive/construct/collisions';
import { defineEphemeral } from '../../src/schema/define/ephemeral';
import { fieldsOf } from '../../src/schema/define/shape';
import { toConstructs } from '../../src/schema/derive/to-construct';
import { ephemeralPage } from '../../src/schema/derive/to-docs';
import { EphemeralResource } from '../../constructs/base/ephemeral-resource';
import { typeProblems } from '../constructs/type-check';
import { gate } from '../support/gate/definition';

const [pass, hint] = gate.ephemerals as readonly [EphemeralDefinition, EphemeralDefinition];
const fileText = (name: string): string => toConstructs(gate).find((file) => file.name === name)?.text ?? '';

test('it has limits for what it does, and for no more', () => {
  const limits = ({ attributes }: EphemeralDefinition): string[] =>
    fieldsOf(attributes).flatMap(({ name, shape }) =>
      name === 'timeouts' && shape.kind === 'object' ? shape.fields.map((one) => one.name) : [],
    );
  expect([limits(pass), limits(hint)]).toEqual([['open', 'renew', 'close'], ['open']]);
});

test.each<PlainFacts>([{ writeOnly: true }, { forceNew: true }])('an attribute with %j is refused', (facts) => {
  const wrong = {
    type: 'gate_hint',
    description: 'A hint.',
    attributes: { code: attr(z.string().optional(), 'Code.', facts) },
    open: () => Promise.resolve({ result: {}, what: 'a hint' }),
    example: {},
  };
  expect(() => defineEphemeral(wrong)).toThrow(
    'gate_hint: "code" is write-only or forces replacement, but an ephemeral resource is never stored; remove that',
  );
});

test('the schema that is made ahead of time has it', () => {
  const schema = new ProviderHandler(gate, { env: {}, log: () => {} }).schema();
  const { ephemeralResourceSchemas } = decode(GetProviderSchemaResponse, encodeProviderSchema(schema));
  expect(Object.keys(ephemeralResourceSchemas)).toEqual(['gate_pass', 'gate_hint']);
  const facts = ephemeralResourceSchemas['gate_pass']?.block?.attributes.map(
    ({ name, required, optional, computed, sensitive }) =>
      `${name}${required ? ' required' : ''}${optional ? ' optional' : ''}${computed ? ' computed' : ''}${sensitive ? ' sensitive' : ''}`,
  );
  expect(facts).toEqual([
    'holder required',
    'door_names optional computed',
    'lifetime optional computed',
    'note optional',
    'token computed sensitive',
    'url computed',
    'issuer computed',
    'greeting computed',
    'timeouts optional',
  ]);
});

test('a provider without any has none in its schema', () => {
  const { ephemerals: _, ...without } = gate;
  expect(new ProviderHandler(without, { env: {}, log: () => {} }).schema().ephemeralResources).toEqual({});
});

test('the generated class has tokens for everything, and nothing to import', () => {
  const text = fileText('ephemeral-gate-pass.ts');
  expect(text).toContain('export class EphemeralGatePass extends EphemeralResource {');
  expect(text).toContain('export interface EphemeralGatePassConfig extends EphemeralMetaArguments {');
  expect(text).toContain("  get token(): string { return this.getStringAttribute('token'); }");
  expect(text).toContain("static readonly tfResourceType = 'gate_pass';");
  expect(text).not.toMatch(/generateConfigForImport|set token|tokenInput/);
  expect(fileText('ephemeral-gate-hint.ts')).toContain('config: EphemeralGateHintConfig = {}');
  expect(fileText('index.ts')).toContain("export * from './ephemeral-gate-pass';");
});

test('the generated files compile on their own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-gate-'));
  const constructs = join(__dirname, '../../constructs');
  for (const { name, text } of toConstructs(gate)) {
    const here = text
      .replaceAll("'../../", `'${constructs}/`)
      .replaceAll("'cdktf'", `'${require.resolve('cdktf')}'`)
      .replaceAll("'constructs'", `'${require.resolve('constructs')}'`);
    writeFileSync(join(folder, name), here);
  }
  const problems = typeProblems(join(folder, 'index.ts'));
  rmSync(folder, { recursive: true });
  expect(problems).toEqual([]);
});

test('no attribute can take the place of a member of the base class', () => {
  const members = Object.getOwnPropertyNames(EphemeralResource.prototype);
  expect(members.filter((name) => !baseMembers.includes(name))).toEqual([]);
  expect(collisions(fieldsOf({ synthesizeBlock: attr(z.string().optional(), 'X.') }))).toHaveLength(1);
});

test('the page tells what it is, how long it lives, how to write it and what it has', () => {
  const page = ephemeralPage(pass, gate);
  expect(page).toContain('page_title: "gate_pass Ephemeral Resource - gate"');
  expect(page).toContain('# gate_pass (Ephemeral Resource)\n\nA pass that opens doors for a while.');
  expect(page).toContain('It is renewed as long as the run lasts, and is removed from the server when the run ends.');
  expect(page).toContain('ephemeral "gate_pass" "example" {\n  holder     = "night watch"\n  door_names = ["front"]\n}\n');
  expect(page).toContain("const pass = new EphemeralGatePass(this, 'pass', {\n  holder: 'night watch',\n  doorNames: ['front'],\n});\n");
  expect(page).toContain("import { EphemeralGatePass } from 'repoform/gate';");
  expect(page).toContain('- `token` (string, sensitive) What opens the doors.');
  expect(ephemeralPage(hint, gate)).toContain('It is not renewed during the run, and expires by itself.');
});
