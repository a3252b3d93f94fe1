import { formatOf } from '../../../src/registry/formats';
import { answerOf, checked, told } from './documents';

const REPOMD = '9/os/repodata/repomd.xml';
const data = (type: string, checksum: string, algorithm: string) =>
  `<data type="${type}"><checksum type="${algorithm}">\n  ${checksum}\n</checksum><open-checksum type="sha256">00</open-checksum><location href="repodata/${type}.xml.gz"/></data>`;
const repomd = answerOf(
  REPOMD,
  `<?xml version="1.0"?><r:repomd xmlns:r="http://linux.duke.edu/metadata/repo">${data('primary', 'ab', 'sha256')}${data('other', 'cd', 'sha')}</r:repomd>`.replace(
    /<(\/?)(data|checksum|open-checksum|location)/g,
    '<$1r:$2',
  ),
);

test('what a repomd.xml names must be what it says', async () => {
  expect(await told('rpm', '9/os/repodata/primary.xml.gz', repomd)).toEqual({ by: REPOMD, digest: { algorithm: 'sha256', hex: 'ab' } });
  expect(await told('rpm', '9/os/repodata/other.xml.gz', repomd)).toEqual({ by: REPOMD, digest: { algorithm: 'sha1', hex: 'cd' } });
  expect(await told('rpm', '9/os/repodata/comps.xml', repomd)).toEqual({ by: REPOMD });
});

test('a repomd.xml and its signature are one set; what is named after its hash needs nothing else', () => {
  const { set, told: teller } = formatOf('rpm');
  for (const end of ['', '.asc', '.key']) expect(set?.(REPOMD + end)).toEqual([REPOMD, `${REPOMD}.asc`, `${REPOMD}.key`]);
  for (const name of ['repomd.xml', 'repomd.xml.asc', `${'a'.repeat(64)}-primary.xml.gz`])
    expect(teller?.by(`repodata/${name}`)).toBeUndefined();
  expect(teller?.by('Packages/a-1.0-1.noarch.rpm')).toBeUndefined();
});

test('a Debian release and its signatures are one set', () => {
  const { set } = formatOf('generic');
  for (const name of ['InRelease', 'Release', 'Release.gpg']) {
    expect(set?.(`dists/x/${name}`)).toEqual(['dists/x/InRelease', 'dists/x/Release', 'dists/x/Release.gpg']);
  }
});

test('a login page is no repomd.xml', async () => {
  expect(await checked('rpm', answerOf(REPOMD, '<html><body>log in</body></html>'))).toBe('not a repomd.xml: it has no repomd element');
  expect(await checked('rpm', repomd)).toBe('taken');
  const deep = '<repomd>'.repeat(10_000);
  expect(await checked('rpm', answerOf(REPOMD, deep))).toBe('not a repomd.xml: its elements are nested too deeply');
});
