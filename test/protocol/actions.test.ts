import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Value } from '../../src/common/value';
import { pack } from '../../src/protocol/msgpack';
import { bundle } from '../support/bundle';
import { type RemoteClient, startClient } from '../support/plugin-client';

const actionType = 'shelf_dust';
const dynamic = (value: Value): { msgpack: Buffer } => ({ msgpack: pack(value) });
let folder: string;
let client: RemoteClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-actions-'));
  const executable = join(folder, 'terraform-provider-shelf');
  bundle(join(__dirname, 'fixture/main.ts'), executable);
  client = await startClient(executable);
}, 60_000);
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an action is validated, planned and invoked over a socket', async () => {
  const wrong = await client.call('ValidateActionConfig', { actionType, config: dynamic({ shelf: '' }) });
  expect(wrong.diagnostics).toMatchObject([{ severity: 1, summary: 'No Shelf', attribute: { steps: [{ attributeName: 'shelf' }] } }]);
  const config = dynamic({ shelf: 'upper' });
  expect(await client.call('PlanAction', { actionType, config })).toEqual({ diagnostics: [], deferred: undefined });
  const deferred = await client.call('PlanAction', { actionType, config, clientCapabilities: { deferralAllowed: true } });
  expect(deferred.deferred).toEqual({ reason: 2 });
  expect(await client.stream('InvokeAction', { actionType, config })).toMatchObject([
    { progress: { message: 'dusting upper' } },
    { completed: { diagnostics: [{ severity: 2, summary: 'Dusty' }] } },
  ]);
});

test('progress arrives while the action runs, and the call can be cancelled', async () => {
  const cancel = new AbortController();
  const events = await client.stream(
    'InvokeAction',
    { actionType, config: dynamic({ shelf: 'endless' }) },
    { onEvent: () => cancel.abort(), signal: cancel.signal },
  );
  expect(events).toMatchObject([{ progress: { message: 'dusting endless' } }]);
});

test('a configuration that cannot be read ends the call with a status', async () => {
  const broken = client.stream('InvokeAction', { actionType, config: { msgpack: Buffer.from([0xc1]) } });
  await expect(broken).rejects.toMatchObject({ code: 3 });
});
