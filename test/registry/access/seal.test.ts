import { Seal } from '../../../src/registry/access/seal';
import { type Tables } from '../../../src/registry/store/tables';
import { cleanUp, openTestStore, tempFolder } from '../helpers';

afterEach(cleanUp);

/** Two processes that share a store, and their clock. */
async function sharing() {
  const { metadata, signingKeys, close } = await openTestStore(tempFolder());
  const clock = { now: 1_000_000 };
  const [one, other] = [0, 1].map(() => new Seal(signingKeys, 'of a test', () => clock.now)) as [Seal, Seal];
  const replaceKey = () => metadata.tables<Tables>().deleteFrom('signing_keys').execute();
  return { one, other, clock, replaceKey, close };
}

test('what one has sealed the other opens, for five minutes and unchanged only', async () => {
  const { one, other, clock, close } = await sharing();
  const { sealed, seconds } = await one.close({ of: 'somebody' });
  expect([await one.open(sealed), await other.open(sealed), seconds]).toEqual([{ of: 'somebody' }, { of: 'somebody' }, 300]);
  const [text = '', signature = ''] = sealed.split('.');
  for (const forged of ['', '.', text, `${text}.`, `${text}.${'A'.repeat(43)}`, `${text}A.${signature}`, `x${sealed}`])
    expect([forged, await other.open(forged)]).toEqual([forged, undefined]);
  clock.now += 299_000;
  expect(await other.open(sealed)).toEqual({ of: 'somebody' });
  clock.now += 2000;
  expect(await other.open(sealed)).toBeUndefined();
  await close();
});

test('a key that is replaced is in use everywhere soon, and what was sealed before goes on', async () => {
  const { one, other, clock, replaceKey, close } = await sharing();
  const { sealed: before } = await one.close('before');
  expect(await other.open(before)).toBe('before');
  await replaceKey();
  clock.now += 61_000;
  const { sealed: after } = await other.close('after');
  // What comes by the new key tells of it.
  expect([await one.open(after), await other.open(before), await one.open(before)]).toEqual(['after', 'before', 'before']);
  await replaceKey();
  clock.now += 10_000;
  // Nobody has been told: both go on with the key that they know, until it is time to ask.
  const { sealed: between } = await one.close('between');
  expect(await other.open(between)).toBe('between');
  clock.now += 61_000;
  const { sealed: last } = await one.close('last');
  expect([await other.open(last), await other.open(between)]).toEqual(['last', 'between']);
  await close();
});

test('while the store is away, the key that is known goes on', async () => {
  const { one, clock, close } = await sharing();
  const { sealed } = await one.close('kept');
  await close();
  clock.now += 61_000;
  expect(await one.open(sealed)).toBe('kept');
});
