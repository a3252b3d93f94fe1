import { answerOf, checked, rewritten, ROOT, told, UPSTREAM } from './documents';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const PAGE = 'simple/pk/';
const page = (body: string, url = UPSTREAM + PAGE) => answerOf(PAGE, body, { contentType: 'text/html', url });
const anchors = (body: string | Buffer) => [...String(body).matchAll(/<a .*<\/a>/g)].map(String);

test.each([
  ['relative', '<a href="../../f/pk-1.0.zip#sha256=aa">pk-1.0.zip</a>', `<a href="${ROOT}f/pk-1.0.zip#sha256=aa">pk-1.0.zip</a>`],
  ['a base', '<base href="../../b/"><a href="pk-1.0.zip">x</a>', `<a href="${ROOT}b/pk-1.0.zip">pk-1.0.zip</a>`],
  ['no quotes, upper case', '<A HREF=pk-1.0.zip>pk-1.0.zip</A>', `<a href="${ROOT}simple/pk/pk-1.0.zip">pk-1.0.zip</a>`],
  ['line ends within', '<a\n  href="pk-1.0.zip"\n>\n pk-1.0.zip\n</a\n>', `<a href="${ROOT}simple/pk/pk-1.0.zip">pk-1.0.zip</a>`],
  ['elements within', '<a href="pk-1.0.zip"><b>pk</b>-1.0.zip</a>', `<a href="${ROOT}simple/pk/pk-1.0.zip">pk-1.0.zip</a>`],
  [
    'entities and greater signs',
    `<a data-requires-python="&gt;=3.8,&#60;4" href="pk-1.0.zip" title='a>b &amp; "c"'>pk-1.0.zip</a>`,
    `<a href="${ROOT}simple/pk/pk-1.0.zip" data-requires-python="&gt;=3.8,&lt;4" title="a&gt;b &amp; &quot;c&quot;">pk-1.0.zip</a>`,
  ],
  [
    'a comment',
    '<!-- <a href="old-0.1.zip">old-0.1.zip</a> --><a href="pk-1.0.zip">pk-1.0.zip</a>',
    `<a href="${ROOT}simple/pk/pk-1.0.zip">pk-1.0.zip</a>`,
  ],
  [
    'another attribute first',
    '<a data-href="x" href="pk-1.0.zip">y</a>',
    `<a href="${ROOT}simple/pk/pk-1.0.zip" data-href="x">pk-1.0.zip</a>`,
  ],
  [
    'another host',
    '<a href="https://files.example.com/a/pk-1.0%2Bl-py3-none-any.whl#sha256=aa">pk-1.0+l-py3-none-any.whl</a>',
    `<a href="${ROOT}simple/pk/pk-1.0%2Bl-py3-none-any.whl#sha256=aa">pk-1.0+l-py3-none-any.whl</a>`,
  ],
  ['an address that expires', '<a href="/base/pk-1.0.zip?sig=1">pk-1.0.zip</a>', `<a href="${ROOT}simple/pk/pk-1.0.zip">pk-1.0.zip</a>`],
])('links of HTML lead through the registry: %s', async (_name, html, expected) => {
  expect(anchors((await rewritten('pypi', page(html))).body)).toEqual([expected]);
});

test('links are relative to where the page was found, and a repository that moved keeps its paths', async () => {
  const moved = page('<a href="pk-1.0.zip">a</a><a href="../../../out/pk-2.0.zip">b</a>', 'https://new.example.com/x/simple/pk/');
  expect(anchors((await rewritten('pypi', moved)).body)).toEqual([
    `<a href="${ROOT}simple/pk/pk-1.0.zip">pk-1.0.zip</a>`,
    `<a href="${ROOT}simple/pk/pk-2.0.zip">pk-2.0.zip</a>`,
  ]);
  expect(await told('pypi', 'simple/pk/pk-2.0.zip', moved)).toEqual({ by: PAGE, url: 'https://new.example.com/out/pk-2.0.zip' });
});

const project = {
  meta: { 'api-version': '1.1', '_last-serial': 7 },
  name: 'pk',
  versions: ['1.0'],
  'project-status': { status: 'archived', reason: 'done' },
  files: [
    {
      filename: 'pk-1.0-py3-none-any.whl',
      url: 'https://files.example.com/pk-1.0-py3-none-any.whl',
      hashes: { sha256: 'ab'.repeat(32) },
      'requires-python': '>=3.8',
      size: 3,
      'upload-time': '2023-01-01T00:00:00.000000Z',
      yanked: 'broken',
      'core-metadata': { sha256: 'cd'.repeat(32) },
      provenance: 'https://upstream.example.com/base/integrity/pk',
      'x-other': [1],
    },
  ],
};
const json = answerOf(PAGE, JSON.stringify(project), { contentType: JSON_TYPE });

test('JSON stays JSON, with everything that stands in it', async () => {
  const { contentType, body } = await rewritten('pypi', json, `${JSON_TYPE}, text/html;q=0.1`);
  const [file] = project.files;
  expect([contentType, JSON.parse(String(body))]).toEqual([
    JSON_TYPE,
    { ...project, files: [{ ...file, url: `${ROOT}simple/pk/${file?.filename}`, provenance: `${ROOT}integrity/pk` }] },
  ]);
});

test('a client that speaks HTML gets what JSON told', async () => {
  const { contentType, body } = await rewritten('pypi', json, 'text/html');
  expect(contentType).toBe('text/html; charset=utf-8');
  expect(anchors(body)).toEqual([
    `<a href="${ROOT}simple/pk/pk-1.0-py3-none-any.whl#sha256=${'ab'.repeat(32)}" data-requires-python="&gt;=3.8" data-yanked="broken"` +
      ` data-provenance="${ROOT}integrity/pk" data-core-metadata="sha256=${'cd'.repeat(32)}">pk-1.0-py3-none-any.whl</a>`,
  ]);
  expect(String(body)).toContain('<meta name="pypi:project-status" content="archived">');
});

test('a client that speaks JSON gets what HTML told', async () => {
  const html = page(
    `<a href="pk-1.0.zip#sha256=${'ab'.repeat(32)}" data-yanked data-dist-info-metadata="sha256=cc" data-gpg-sig="true" data-requires-python="&lt;4">pk</a>`,
  );
  const { body } = await rewritten('pypi', html, JSON_TYPE);
  expect(JSON.parse(String(body))).toEqual({
    meta: { 'api-version': '1.0' },
    name: 'pk',
    files: [
      {
        filename: 'pk-1.0.zip',
        url: `${ROOT}simple/pk/pk-1.0.zip`,
        hashes: { sha256: 'ab'.repeat(32) },
        'requires-python': '<4',
        yanked: true,
        'gpg-sig': true,
        'dist-info-metadata': { sha256: 'cc' },
      },
    ],
  });
});

test.each([
  ['', 'text/html; charset=utf-8'],
  ['*/*', 'text/html; charset=utf-8'],
  ['text/html;q=0.5, application/vnd.pypi.simple.v1+json;q=0.4', 'text/html; charset=utf-8'],
  ['application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01', JSON_TYPE],
  ['application/vnd.pypi.simple.v1+html, text/html;q=0.1', 'application/vnd.pypi.simple.v1+html; charset=utf-8'],
  ['application/vnd.pypi.simple.latest+json', JSON_TYPE],
  ['application/vnd.pypi.simple.v1+json;q=0, text/html', 'text/html; charset=utf-8'],
])('asked for %p, the page is %s', async (accept, expected) => {
  expect((await rewritten('pypi', json, accept)).contentType).toBe(expected);
});

test('a page tells where a file is, what it hashes to, and where its metadata and signature are', async () => {
  const url = 'https://files.example.com/pk-1.0-py3-none-any.whl';
  const ask = (end: string) => told('pypi', `simple/pk/pk-1.0-py3-none-any.whl${end}`, json);
  expect(await ask('')).toEqual({ by: PAGE, url, digest: { algorithm: 'sha256', hex: 'ab'.repeat(32) } });
  expect(await ask('.metadata')).toEqual({ by: PAGE, url: `${url}.metadata`, digest: { algorithm: 'sha256', hex: 'cd'.repeat(32) } });
  expect(await ask('.asc')).toEqual({ by: PAGE, url: `${url}.asc` });
  expect(await ask('.exe')).toEqual({ by: PAGE });
});

test.each([
  ['text/html', '<html>please log in</html>', 'not the page of a Python project: a page of text without links'],
  ['text/html', '<form><input name="password"></form>', 'not the page of a Python project: a page with a form or a script'],
  ['text/html', '<script>location = "/login"</script>', 'not the page of a Python project: a page with a form or a script'],
  ['text/html', '<meta http-equiv=Refresh content="0;url=/login">', 'not the page of a Python project: a page with a form or a script'],
  [
    'text/html',
    '<form><input type=password></form><a href="/agent.zip">agent.zip</a>',
    'not the page of a Python project: a page that asks for a password',
  ],
  ['text/html', '<form method=post><input type=submit value=Refresh></form><a href="pk-1.0.zip">pk-1.0.zip</a>', 'taken'],
  ['text/html', '<h1>Index of /simple/pk/</h1><hr><pre><a href="../">../</a></pre>', 'taken'],
  ['text/html', '<a href="?C=N;O=D">Name</a><a href="/base/simple/">Parent Directory</a><address>Apache/2.4</address>', 'taken'],
  ['text/html', '<a href="/forgotten">help</a>', 'not the page of a Python project: none of its links leads to what it lists'],
  [JSON_TYPE, '{"message": "log in"}', 'not the page of a Python project: it has no files'],
  [JSON_TYPE, '<html></html>', 'not the page of a Python project: a page of HTML'],
  ['text/html', '<!DOCTYPE html><title>Links for pk</title><h1>Links for pk</h1>', 'taken'],
  ['text/html', '', 'taken'],
])('%s %s: %s', async (contentType, body, expected) => {
  expect(await checked('pypi', answerOf(PAGE, body, { contentType }))).toBe(expected);
});

test('a page that is nested without end is refused at once; elements that are not closed are fine', async () => {
  const begun = Date.now();
  const deep = answerOf(PAGE, '<b><i><a>'.repeat(100_000), { contentType: 'text/html' });
  expect(await checked('pypi', deep)).toBe('not the page of a Python project: its elements are nested too deeply');
  expect(Date.now() - begun).toBeLessThan(10_000);
  const open = answerOf(PAGE, '<p><a href="pk-1.0.zip">pk-1.0.zip<br>'.repeat(400), { contentType: 'text/html' });
  expect(await checked('pypi', open)).toBe('taken');
});

test('a list of projects is one in both representations', async () => {
  const list = answerOf('simple/', '<a href="/simple/My.Pkg/">My.Pkg</a><a href=zed/>zed</a>', { contentType: 'text/html' });
  expect(JSON.parse(String((await rewritten('pypi', list, JSON_TYPE)).body))).toEqual({
    meta: { 'api-version': '1.0' },
    projects: [{ name: 'my-pkg' }, { name: 'zed' }],
  });
});

test.each([
  [
    'http.server',
    '<h1>Directory listing for /simple/</h1><hr><ul><li><a href="pk/">pk/</a></li><li><a href="My.Pkg/">My.Pkg/</a></li></ul>',
  ],
  ['nginx', '<pre><a href="../">../</a>\n<a href="pk/">pk/</a>   01-Jan-2024 00:00   -\n<a href="my-pkg/">my-p..&gt;</a></pre>'],
  ['Apache', '<a href="?C=N;O=D">Name</a><a href="/base/">Parent Directory</a><a href="pk/">pk/</a><a href="my_pkg/">my_pkg/</a>'],
  ['a repository manager', `<a href="${UPSTREAM}simple/pk">pk</a><a href="/elsewhere/simple/my-pkg/">My_Pkg</a><script></script>`],
])('a list of projects as %s writes it', async (_who, html) => {
  const list = answerOf('simple/', html, { contentType: 'text/html' });
  const { projects } = JSON.parse(String((await rewritten('pypi', list, JSON_TYPE)).body)) as { projects: unknown };
  expect(projects).toEqual([{ name: 'my-pkg' }, { name: 'pk' }]);
});

test.each([
  ['<a href="/help">Forgot it?</a>', 'none of its links leads to what it lists'],
  ['<a href="/login">Login</a>', 'none of its links leads to what it lists'],
  ['<div id=root></div><script src="/app.js"></script>', 'a page with a form or a script'],
  ['<form><input type=PASSWORD></form><a href="help/">help</a>', 'a page that asks for a password'],
])('%s is no list of projects', async (html, reason) => {
  const login = answerOf('simple/', html, { contentType: 'text/html' });
  expect(await checked('pypi', login)).toBe(`not a list of Python projects: ${reason}`);
});
