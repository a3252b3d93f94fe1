import { UNKNOWN } from '../../src/common/value';
import { repositoryNameDoubt, repositoryNameProblem, workspaceProblem } from '../../src/common/kubesphere/name';
import { credentialProblems, descriptionDoubt, descriptionProblem } from '../../src/common/kubesphere/rules';
import { periodDoubt, periodProblem, periodSeconds, periodText } from '../../src/common/kubesphere/sync-period';
import { completeUrl, isSameUrl, repositoryUrlProblem, s3Url, schemeOf } from '../../src/common/kubesphere/url';
import { isBefore } from '../../src/common/kubesphere/version';

describe('URLs', () => {
  const bucket = 's3.pek3a.qingstor.com/charts/';

  it.each([
    ['http://openpitrix.pek3a.qingstor.com/package/', 'http'],
    ['https://kubernetes-charts.storage.googleapis.com/', 'https'],
    ['HTTPS://charts.example.com', 'https'],
    [bucket, 's3'],
    ['s3://minio.example.com:9000/charts', 's3'],
    ['oci://registry.example.com/charts', 'oci'],
  ])('%s is of type %s', (url, scheme) => {
    expect(repositoryUrlProblem(url)).toBeUndefined();
    expect(schemeOf(url)).toBe(scheme);
  });

  it('the form of an S3 URL without its scheme gets it', () => {
    expect(completeUrl(bucket)).toBe(`s3://${bucket}`);
    expect(isSameUrl(bucket, `s3://${bucket}`)).toBe(true);
    expect(isSameUrl('https://Charts.example.com/Stable', 'https://charts.example.com/Stable')).toBe(true);
    expect(isSameUrl('https://charts.example.com/Stable', 'https://charts.example.com/stable')).toBe(false);
    expect(isSameUrl('https://charts.example.com', 'https://charts.example.com/')).toBe(false);
  });

  it.each([
    [{ bucket: 'charts', zone: 'pek3a' }, 's3://s3.pek3a.qingstor.com/charts/'],
    [
      { bucket: 'charts', zone: 'eu-west-1', host: 'amazonaws.com', prefix: '/team/stable/' },
      's3://s3.eu-west-1.amazonaws.com/charts/team/stable/',
    ],
    [{ bucket: 'charts', host: 'minio.example.com:9000' }, 's3://minio.example.com:9000/charts/'],
  ])('%j is %s', (given, url) => {
    expect(s3Url(given)).toBe(url);
    expect(repositoryUrlProblem(url, '3')).toBeUndefined();
  });

  it.each([
    ['charts.example.com/x', /is not a URL; write one with scheme and host/],
    ['ftp://charts.example.com/x', /has the scheme "ftp"; allowed are http, https, s3 and oci/],
    ['https://ci:hunter2@charts.example.com', /^(?!.*hunter2).*carries a user name or password; set username and password instead/],
    ['s3://ci:hunter2@s3.pek3a.qingstor.com/charts', /^(?!.*hunter2).*carries a user name or password/],
    ['https://charts.example.com?x=1', /has a query or fragment/],
    ['https://charts.example.com/index.yaml', /names the index itself; leave out "index.yaml"/],
    ['s3://s3.pek3a.qingstor.com/', /names no bucket/],
    ['https://', /names no host/],
    [' https://charts.example.com', /white space/],
  ])('%s is refused', (url, text) => expect(repositoryUrlProblem(url)).toMatch(text));

  it.each([
    [bucket, '4', /is of type s3, which only KubeSphere before 4.0 can do; this is version 4\. Serve the bucket over https instead/],
    ['s3://minio/charts', '4.1.3', /only KubeSphere before 4.0/],
    ['oci://registry.example.com/charts', '3.4.1', /type oci, which requires KubeSphere 4.1.2 or later; this is version 3.4.1/],
    ['oci://registry.example.com/charts', '4.1.1', /requires KubeSphere 4.1.2/],
  ])('%s is refused for %s', (url, version, text) => expect(repositoryUrlProblem(url, version)).toMatch(text));

  it.each([
    [bucket, '3'],
    ['oci://registry.example.com/charts', '4'],
    ['oci://registry.example.com/charts', 'v4.1.2'],
  ])('%s is fine for %s', (url, version) => expect(repositoryUrlProblem(url, version)).toBeUndefined());
});

it.each([
  ['3.4.1', '4.0', true],
  ['v4.1.2', '4.1.3', true],
  ['4.1.3', '4.1.3', false],
  ['v4.1.3-rc.1+build', '4.1.3', false],
  ['4', '4.1.3', false],
  ['3', '4.0', true],
  ['4.10.0', '4.2', false],
])('version %s is before %s: %s', (version, limit, before) => expect(isBefore(version, limit)).toBe(before));

describe('names', () => {
  it.each([
    ['Team charts', '3.4.1', undefined],
    ['应用 仓库', '3', undefined],
    [' ', '3', /is empty/],
    ['a\nb', '3', /control character/],
    ['team-charts', '4', undefined],
    ['Team charts', '4', /"Team charts" cannot be the name of a repository on KubeSphere 4; .* display name/],
    ['9charts', '4.1.2', /starting with a letter/],
    ['upload', '4', /reserved/],
    ['upload', '3', undefined],
    ['a'.repeat(48), '4', undefined],
    ['a'.repeat(49), '4', /has 49 characters; .* at most 48/],
  ])('%j on %s', (name, version, problem) => {
    const told = repositoryNameProblem(name, version);
    if (problem) expect(told).toMatch(problem);
    else expect(told).toBeUndefined();
  });

  it('long ones are doubtful on version 4', () => {
    expect(repositoryNameDoubt('a'.repeat(31), '4')).toMatch(/at most 30 are safer/);
    expect(repositoryNameDoubt('a'.repeat(30), '4')).toBeUndefined();
    expect(repositoryNameDoubt('a'.repeat(31), '3')).toBeUndefined();
  });

  it('of workspaces are values of a label', () => {
    expect(workspaceProblem('demo')).toBeUndefined();
    expect(workspaceProblem('a'.repeat(63))).toBeUndefined();
    for (const name of ['a'.repeat(64), 'De_mo', '-a', 'a.b', ''])
      expect(workspaceProblem(name)).toMatch(/cannot be the name of a workspace/);
  });
});

describe('sync periods', () => {
  it.each([
    ['0', 0, '0s'],
    ['0s', 0, '0s'],
    [3600, 3600, '1h'],
    ['3600', 3600, '1h'],
    ['1h30m', 5400, '1h30m'],
    ['180s', 180, '3m'],
    ['1.5h', 5400, '1h30m'],
    ['3h0m1s', 10801, '3h1s'],
  ])('%s is %d seconds, written %s', (period, seconds, text) => {
    expect(periodSeconds(period)).toBe(seconds);
    expect(periodText(seconds)).toBe(text);
    expect(periodSeconds(text)).toBe(seconds);
    expect(periodProblem(period)).toBeUndefined();
  });

  it.each([
    ['soon', /is not a sync period; write seconds \("3600"\), or a duration with the units h, m and s \("1h30m"; a day is "24h"\)/],
    ['179', /"179" is too short; allowed are 0 \(no periodic sync\) and at least 180 s/],
    ['5s', /too short/],
    ['-5s', /negative/],
    [-1, /negative/],
    ['200500ms', /not a whole number of seconds/],
  ])('%s is refused', (period, text) => expect(periodProblem(period)).toMatch(text));

  it('more than a day is doubtful', () => {
    expect(periodDoubt('24h')).toBeUndefined();
    expect(periodDoubt('25h')).toMatch(/longer than a day/);
  });
});

it('descriptions are measured in bytes, as the server cuts them, and in characters, as its form does', () => {
  expect(descriptionProblem('é'.repeat(256))).toBeUndefined();
  expect(descriptionProblem('é'.repeat(257))).toMatch(/514 bytes/);
  expect(descriptionDoubt('e'.repeat(256))).toBeUndefined();
  expect(descriptionDoubt('e'.repeat(257))).toMatch(/257 characters/);
});

describe('credentials', () => {
  const https = 'https://charts.example.com';
  const s3 = 's3.pek3a.qingstor.com/charts/';
  const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' };
  const user = { username: 'ci', password: 'hunter2' };

  it.each([
    [{ url: https }, []],
    [{ url: https, type: 'https', ...user }, []],
    [{ url: s3, ...keys }, []],
    [{ url: UNKNOWN, ...keys }, []],
    [{ url: s3, accessKeyId: UNKNOWN, secretAccessKey: UNKNOWN }, []],
    [{ url: https, username: 'ci' }, ['username']],
    [{ url: https, password: 'hunter2' }, ['password']],
    [{ url: https, username: '', password: '' }, ['username', 'password']],
    [{ url: https, username: 'a:b', password: 'hunter2' }, ['username']],
    [{ url: https, type: 'http' }, ['type']],
    [{ url: s3 }, ['accessKeyId']],
    [{ url: s3, ...user }, ['accessKeyId']],
    [{ url: s3, accessKeyId: 'AK' }, ['accessKeyId']],
    [{ url: s3, secretAccessKey: 'SK' }, ['secretAccessKey']],
    [{ url: s3, accessKeyId: '', secretAccessKey: 'SK' }, ['accessKeyId']],
    [{ url: https, ...keys }, ['accessKeyId']],
    [{ url: s3, ...keys, ...user }, ['accessKeyId']],
  ])('%j: %j', (given, attributes) => {
    const problems = credentialProblems(given);
    expect(problems.map(({ attribute }) => attribute)).toEqual(attributes);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|SK"/);
  });
});
