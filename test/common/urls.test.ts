import { clientNameProblem, nameProblem } from '../../src/common/repository-name';
import { isUrl, pathSegment, urlProblem } from '../../src/common/urls';

/** What Go's net/url (1.24) made of each: an error or no host, so that a server cannot reach it, or a host. */
describe('a base URL', () => {
  test.each([
    ['http:/x', 'lacks "//" and a host after "http:"'],
    ['https:x', 'lacks "//" and a host after "https:"'],
    ['https:///x', 'names no host'],
    ['https://:80/', 'names no host'],
    ['https://', 'names no host'],
    ['https://x\\y', 'has a backslash'],
    ['https://x/\\', 'has a backslash'],
    ['https:\\\\x', 'has a backslash'],
    ['https://x/%zz', 'has "%zz", which is no escape'],
    ['https://x/a%', 'has "%", which is no escape'],
    ['https://x/%2', 'has "%2", which is no escape'],
    ['https://x/\ny', 'control character'],
    ['https://x\t.example.com/', 'control character'],
    ['https://x y/', 'is not a URL'],
    ['https://[::1', 'is not a URL'],
    ['https://x:port/', 'is not a URL'],
    ['https://ex%41mple.com/', 'is not a URL'],
    ['//x', 'is not a URL'],
    ['x', 'is not a URL'],
    ['localhost:8000', 'has no scheme; write "http://localhost:8000"'],
    ['https://x/?a', 'a base URL ends with its path'],
    ['https://x/?', 'a base URL ends with its path'],
    ['https://x/#', 'a base URL ends with its path'],
  ])('%j is refused: it %s', (url, problem) => expect(urlProblem(url)).toContain(problem));

  test.each([
    'https://npm.example.com',
    'HTTPS://NPM.example.com/',
    'http://127.0.0.1:8080/a/b/',
    'https://[::1]:8443/',
    'https://a_b.example.com/',
    'https://b\u00fccher.example/\u00fc',
    'https://x/a%2fb',
    'https://x/a b',
    'http://x//y',
  ])('%j is one', (url) => expect(urlProblem(url)).toBeUndefined());
});

describe('the name of a repository', () => {
  test.each(['a+b', 'a@b', 'a~b', '_x', 'x_', '__', 'x.', 'A', '0', 'a..b'])('may be %j, of which no client complains', (name) => {
    expect([nameProblem(name), clientNameProblem(name)]).toEqual([undefined, undefined]);
  });

  test.each(['-x', 'a$b', 'a,b', "a'b", 'a;b', 'a:b', 'a(b)', 'a=b', 'a&b', 'a!', 'a*'])('may be %j, with a warning', (name) => {
    expect([nameProblem(name), clientNameProblem(name)]).toEqual([undefined, expect.any(String)]);
  });

  test.each(['', '.', '..', '_catalog', 'a/b', 'a b', 'a%2Fb', 'a?b', 'a#b', 'a\\b', 'a\nb', 'a"b', '\u00e9', 'a'.repeat(129)])(
    'may not be %j',
    (name) => expect(nameProblem(name)).toEqual(expect.any(String)),
  );

  test('stands in a path as the router of a Go server keeps it: escapes only where there must be', () => {
    expect(pathSegment("a+b@c~d_e-f.g!h$i&j'k(l)m*n,o;p=q:r")).toBe("a+b@c~d_e-f.g!h$i&j'k(l)m*n,o;p=q:r");
    expect(pathSegment('a b/c%d?e#f\u00e9"')).toBe('a%20b%2Fc%25d%3Fe%23f%C3%A9%22');
  });
});

test('a URL with letters beyond ASCII stays one, however often URLs are looked at', () => {
  for (let index = 0; index < 50_000; index += 1) isUrl(`https://host-${index}.example.com`);
  expect(isUrl('https://bücher.example/ü')).toBe(true);
  expect(isUrl('ü', 'https://example.com/')).toBe(true);
  expect(isUrl('ü')).toBe(false);
});
