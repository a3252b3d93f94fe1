import * as z from 'zod';
import type { ValueRecord } from '../../src/common/value';
import { ProviderHandler } from '../../src/handler/provider-handler';
import { newerThan } from '../../src/handler/server-version';
import { attr } from '../../src/schema/define/attribute';
import { connection } from '../../src/schema/define/connection';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { defineResource } from '../../src/schema/define/resource';

const nothing = {
  read: () => Promise.resolve(undefined),
  create: () => Promise.resolve(undefined),
  update: () => Promise.resolve(undefined),
  remove: () => Promise.resolve(),
};
let asked = 0;

/** A provider of one resource, with an attribute that only newer servers know. */
function providerOf(version: () => Promise<string | undefined>): ProviderDefinition {
  const thing = defineResource({
    type: 'made_thing',
    description: 'A thing.',
    attributes: {
      name: attr(z.string(), 'Name.'),
      colour: attr(z.string().optional(), 'Colour.', { since: '3.7' }),
    },
    key: ['name'],
    ...nothing,
    example: { minimal: { name: 'a' }, full: { name: 'a', colour: 'red' } },
  });
  return {
    name: 'made',
    title: 'Made Up',
    description: 'Made up.',
    attributes: connection('Made Up'),
    resources: [thing],
    dataSources: [],
    functions: [],
    example: {},
    serverVersion: () => {
      asked += 1;
      return version();
    },
  };
}

async function plan(version: () => Promise<string | undefined>, colour: string | null) {
  asked = 0;
  const handler = new ProviderHandler(providerOf(version), { env: { MADE_ENDPOINT: 'http://127.0.0.1:9' }, log: () => {} });
  expect((await handler.configure({ config: {}, terraformVersion: '1.11.4' })).diagnostics).toEqual([]);
  const config: ValueRecord = { name: 'a', colour, timeouts: null };
  return handler.plan({ type: 'made_thing', prior: null, proposed: config, config, private: new Uint8Array() });
}

describe('an attribute that needs a newer server', () => {
  it('is an error at plan, with the versions and what to do', async () => {
    expect((await plan(() => Promise.resolve('v3.6.9'), 'red')).diagnostics).toEqual([
      {
        severity: 'error',
        summary: 'Server Too Old',
        detail:
          '"colour" requires version 3.7 of the server or later, but the server has version v3.6.9. Upgrade the server, or leave out "colour".',
        path: ['colour'],
      },
    ]);
  });

  it.each(['3.7', 'v3.7.0', '3.10.1', '4'])('is fine with version %s', async (version) => {
    expect((await plan(() => Promise.resolve(version), 'red')).diagnostics).toEqual([]);
  });

  it('is fine when the server does not tell its version', async () => {
    expect((await plan(() => Promise.resolve(undefined), 'red')).diagnostics).toEqual([]);
  });

  it('asks nothing when it is not set', async () => {
    expect((await plan(() => Promise.resolve('1.0'), null)).diagnostics).toEqual([]);
    expect(asked).toBe(0);
  });

  it('only warns when the server cannot be asked', async () => {
    const { diagnostics, planned } = await plan(() => Promise.reject(new Error('no route')), 'red');
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'warning', summary: 'Check Skipped', detail: expect.stringContaining('no route') as string }),
    ]);
    expect(planned).toMatchObject({ name: 'a', colour: 'red' });
  });
});

it.each([
  ['3.7', '3.6.9', true],
  ['3.7', 'v3.7', false],
  ['3.7.1', '3.7', true],
  ['3.9', '3.10', false],
  ['1.0', 'unknown', true],
])('version %s is newer than %s: %s', (a, b, newer) => expect(newerThan(a, b)).toBe(newer));
