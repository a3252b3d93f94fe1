import { done } from '../../../src/testing/subject';
import { Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  await stand.bk.repository('payments', 'files');
});
afterAll(() => stand.stop());

const metadata = '/repository/api/metadata';
const notesOn = async (path: string): Promise<unknown> =>
  ((await stand.bk.done('GET', `/generic/detail/payments/files/${path}`)) as { nodeMetadata: unknown }).nodeMetadata;

it('a file that is overwritten keeps notes of any size, type and description, but not what the server noted on its old content', async () => {
  const config = { project: 'payments', repository: 'files', path: 'a', content: 'one' };
  const made = await stand.made('bkrepo_generic_file', config);
  const note = (key: string, value: unknown, description: string | null = null): object => ({
    ...{ key, value, system: false, description },
    ...{ link: null, color: null },
  });
  const notes = [
    ...[note('plain', 'text'), note('number', 12), note('yes', true), note('k=v', 'odd name'), note('empty', ''), note('half', '\ud800')],
    ...[note('told', 'v', 'what it is'), note('long', 'x'.repeat(20_000))],
    ...Array.from({ length: 200 }, (_, index) => note(`many-${index}`, 'y'.repeat(100))),
  ];
  await stand.bk.done('POST', `${metadata}/payments/files/a`, { body: { nodeMetadata: notes } });
  const forbid = { nodeMetadata: [{ key: 'forbidStatus', value: true }] };
  await stand.bk.done('POST', `${metadata}/forbid/payments/files/a`, { body: forbid });
  const core = await stand.core();
  done(await core.ensure('bkrepo_generic_file', { ...config, content: 'two' }, made));
  const after = (await notesOn('a')) as unknown[];
  expect(after).toHaveLength(notes.length);
  expect(after).toEqual(expect.arrayContaining(notes));
});
