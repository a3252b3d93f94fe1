import { Parser as HtmlParser } from 'htmlparser2';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as describePlan } from '../../src/diff/describe';
import { jsonOf } from '../../src/diff/json';
import { markdownOf } from '../../src/diff/markdown';
import { textOf } from '../../src/diff/text';
import { fixtures, fixtureText, planIn } from '../plans/fixtures/fixtures';
import { type Made, planOf } from './shelf';

const plain = (_role: string, text: string): string => text;
const file = (name: string): string => readFileSync(join(__dirname, name), 'utf8');
const reports = (changes: readonly Made[]) => [{ name: 'stack', description: planOf(changes) }];

describe.each(fixtures)('the plan of %s', (name) => {
  const report = [{ name: 'registry', description: describePlan(planIn(fixtureText(name))) }];

  test('reads the same whichever core made it', () => {
    expect(textOf(report, plain)).toBe(file('expected.txt'));
    expect(markdownOf(report)).toBe(file('expected.md'));
  });

  test('has no secret in any format', () => {
    const secrets = /(npm|partner)-password-[12]|correct-horse/;
    expect(fixtureText(name)).toMatch(secrets);
    for (const output of [textOf(report, plain), markdownOf(report), jsonOf(report)]) expect(output).not.toMatch(secrets);
  });
});

/** The text outside of code, and the tags, of what GitHub and GitLab make of Markdown. */
function rendered(markdown: string): { readonly prose: string; readonly tags: readonly string[]; readonly codes: readonly string[] } {
  const { HtmlRenderer, Parser } = jest.requireActual<{
    HtmlRenderer: new () => { render(tree: unknown): string };
    Parser: new () => { parse(text: string): unknown };
  }>('commonmark');
  const [prose, tags, codes]: [string[], Set<string>, string[]] = [[], new Set(), []];
  let inCode = false;
  const parser = new HtmlParser({
    onopentag(tag) {
      tags.add(tag);
      if (tag === 'code') codes.push('');
      inCode = tag === 'code';
    },
    ontext: (text) => (inCode ? (codes[codes.length - 1] += text) : prose.push(text)),
    onclosetag: (tag) => (inCode = inCode && tag !== 'code'),
  });
  parser.write(new HtmlRenderer().render(new Parser().parse(markdown)));
  parser.end();
  return { prose: prose.join(''), tags: [...tags].sort(), codes };
}

const hostile = [
  '`code` ``more``` end`',
  '<script>alert(1)</script>',
  '</details><h1>x</h1>',
  '| a | b |',
  '@acme/payments #12 !34 ~label',
  'line\n# heading\n- item\n\n<b>',
  '[link](https://evil.example.com) ![x](y) https://evil.example.com',
  '\u001b[31mred\u0007',
  'right\u202eto left',
  '&lt;b&gt; \\` \\',
  ' ',
];

test('nothing from a plan is markup, a link or a mention in Markdown', () => {
  const changes = hostile.flatMap((text): Made[] => [
    {
      before: { name: text },
      after: { name: text, supplier: text, rows: [text], tags: { [text]: text } },
      more: { address: `acme_shelf.a[${JSON.stringify(text)}]` },
    },
    { before: { name: text }, after: null, actions: ['delete'] },
    { before: null, after: { name: text }, actions: ['create'] },
  ]);
  const { prose, tags, codes } = rendered(
    markdownOf([{ name: hostile.join(''), description: planOf(changes, { output_changes: { '<i>`': { actions: ['create'] } } }) }]),
  );
  expect(tags).toEqual(['code', 'details', 'h3', 'h4', 'li', 'p', 'strong', 'summary', 'ul'].filter((tag) => tags.includes(tag)));
  expect(prose).not.toMatch(/script|evil|acme|#12|heading|item|red|right|[`|<@]/);
  // What is in code is what the plan has, character by character, but for those that control and format.
  for (const text of hostile.slice(0, 5)) expect(codes).toContain(text);
  expect(codes).toContain('east/line\\n# heading\\n- item\\n\\n<b>');
  expect(codes).toContain('east/\\u{1b}[31mred\\u{7}');
  expect(codes).toContain('east/right\\u{202e}to left');
});

test('URLs show no user name and no password in any format', () => {
  const from = 'https://ci:old-secret@npm.example.com/@scope?a=b@c';
  const changed = reports([
    { before: { supplier: from }, after: { supplier: 'https://new-secret@x@npm.example.com', genres: ['http://:new-secret@a'] } },
  ]);
  for (const output of [textOf(changed, plain), markdownOf(changed), jsonOf(changed)]) {
    expect(output).toContain('https://(sensitive)@npm.example.com/@scope?a=b@c');
    expect(output).not.toContain('secret@');
  }
});

test('text has no control characters of a plan, and long values are cut', () => {
  const text = textOf(reports(hostile.map((name) => ({ before: { name }, after: { name, supplier: 'x'.repeat(500) } }))), plain);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(250);
});

test('a comment that would be too long ends with what does not fit', () => {
  const many = Array.from({ length: 2000 }, (_, index): Made => ({
    before: { name: `shelf-${index}` },
    after: { name: `shelf-${index}`, open: index % 2 === 0, rots: true },
  }));
  const markdown = markdownOf(reports(many));
  expect(markdown.length).toBeLessThan(65_536);
  expect(markdown).toMatch(/^### `stack`: 2000 to update$/m);
  const shown = markdown.match(/^- /gm)?.length ?? 0;
  expect(shown).toBeGreaterThan(300);
  expect(markdown.endsWith(`\n${2000 - shown} more objects do not fit here; see the text or JSON output.\n`)).toBe(true);
});

test('several stacks begin with what they do together, and end with those in which nothing changes', () => {
  const quiet = { name: 'charts', description: planOf([]) };
  const created = { name: 'packages', description: planOf([{ before: null, after: { name: 'oak' }, actions: ['create'] }]) };
  expect(markdownOf([quiet, created, { ...quiet, name: 'images' }])).toBe(
    '<!-- repoform diff -->\n\n1 of 3 stacks change: 1 to create.\n\n### `packages`: 1 to create\n\n' +
      '<details><summary>Creates (1)</summary>\n\n- `+` shelf `east/oak` (`acme_shelf.n0`)\n\n</details>\n\nNothing changes in `charts`, `images`.\n',
  );
  expect(markdownOf([quiet, { ...quiet, name: 'images' }])).toBe(
    '<!-- repoform diff -->\n\nNothing changes.\n\nNothing changes in `charts`, `images`.\n',
  );
});

test('a comment about many stacks is never too long, and says what is left out', () => {
  const outputs = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${'o'.repeat(90)}${index}`, { actions: ['create'] }]));
  const description = planOf([{ before: null, after: { name: 'oak' }, actions: ['create'] }], { output_changes: outputs });
  const stacks = Array.from({ length: 500 }, (_, index) => ({ name: `stack-${index}`, description }));
  const markdown = markdownOf(stacks);
  const shown = markdown.match(/^### /gm)?.length ?? 0;
  expect(markdown.length).toBeLessThan(65_536);
  expect(shown).toBeGreaterThan(10);
  expect(markdown).toMatch(/^<!-- repoform diff -->\n\n500 of 500 stacks change: 500 to create\.\n/);
  expect(
    markdown.endsWith(`\n${500 - shown} more stacks and ${500 - shown} more objects do not fit here; see the text or JSON output.\n`),
  ).toBe(true);
});

test('many elements are counted in words, and whole in JSON', () => {
  const readers = Array.from({ length: 30 }, (_, index) => `r${index}`);
  const report = reports([{ after: { readers, pin: '1234', supplier: null }, unknown: { supplier: true } }]);
  expect(textOf(report, plain)).toContain('readers: adds r0, r1, r2, r3, r4, r5, r6, r7, r8, r9 and 20 more\n');
  expect(JSON.parse(jsonOf(report))).toEqual({
    format: 'repoform.diff',
    version: 1,
    changes: true,
    plans: [
      {
        name: 'stack',
        changes: true,
        errored: false,
        incomplete: false,
        counts: { create: 0, update: 1, replace: 0, delete: 0, import: 0, move: 0, forget: 0 },
        other_providers: { create: 0, update: 0, replace: 0, delete: 0, import: 0, move: 0, forget: 0 },
        invocations: [],
        outputs: [],
        objects: [
          {
            section: 'opens',
            action: 'update',
            address: 'acme_shelf.n0',
            type: 'acme_shelf',
            provider: 'registry.terraform.io/acme/acme',
            id: 'east/oak',
            notes: [],
            effects: [
              { kind: 'opens', attribute: 'readers', text: expect.stringContaining('and 20 more') as string, before: [], after: readers },
              { kind: 'credentials', attribute: 'pin', text: 'pin: is set', before: null, after: '(sensitive value)' },
              {
                kind: 'other',
                attribute: 'supplier',
                text: 'supplier: not set → (known after apply)',
                before: null,
                after: null,
                unknown: true,
              },
            ],
          },
        ],
        drift: [],
      },
    ],
  });
});

test('colours are roles, given by whoever prints', () => {
  const text = textOf(reports([{ actions: ['delete'], after: null }]), (role, part) => `<${role}>${part}</${role}>`);
  expect(text).toContain(
    '<heading>Deletes</heading>\n  <danger>-</danger> shelf <danger>east/oak</danger>  <quiet>acme_shelf.n0</quiet>\n',
  );
});

test('a plan that failed does not say that nothing changes', () => {
  const description = planOf([], { errored: true });
  expect(textOf([{ name: 'x', description }], plain)).toBe('x\n\nPlanning failed; this is only a part of what would change.\n');
  expect(markdownOf([{ name: 'x', description }])).toBe(
    '<!-- repoform diff -->\n\n### `x`: planning failed\n\nPlanning failed; this is only a part of what would change.\n',
  );
});

test('the guide shows what is written', () => {
  const guide = readFileSync(join(__dirname, '../../docs/guides/reviewing-changes.md'), 'utf8');
  const [, shown = ''] = /```text\n(.*?)```/s.exec(guide) ?? [];
  const written = new Set(file('expected.txt').split('\n'));
  expect(shown.split('\n').filter((line) => !written.has(line))).toEqual([]);
  expect(shown.split('\n').length).toBeGreaterThan(30);
});
