import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DomUtils, parseDocument } from 'htmlparser2';
import { type Browser, chromium } from 'playwright-core';
import { dotOf } from '../../src/graph/dot';
import type { Graph } from '../../src/graph/graph';
import { svgOf } from '../../src/graph/svg';
import { clientPath, describeClient } from '../clients/support';
import { graphs, graphsOf } from './graphs';

/** What a browser makes of a picture: boxes in pixels. */
interface Drawn {
  readonly picture: Rectangle;
  readonly groups: readonly Rectangle[];
  /** Each node with its texts. */
  readonly nodes: readonly { readonly box: Rectangle; readonly texts: readonly Rectangle[] }[];
  readonly headings: readonly Rectangle[];
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

describeClient('chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: clientPath('chromium') ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  /** Draws it, and measures. */
  async function drawn(graph: Graph): Promise<Drawn> {
    const page = await browser.newPage();
    try {
      await page.setContent(svgOf(graph));
      return (await page.evaluate(MEASURE)) as Drawn;
    } finally {
      await page.close();
    }
  }

  const isWithin = (inner: Rectangle, outer: Rectangle): boolean =>
    inner.left >= outer.left - 0.5 &&
    inner.right <= outer.right + 0.5 &&
    inner.top >= outer.top - 0.5 &&
    inner.bottom <= outer.bottom + 0.5;
  const overlap = (a: Rectangle, b: Rectangle): boolean =>
    a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;

  function expectReadable({ picture, groups, nodes, headings }: Drawn, { groups: wanted }: Graph): void {
    expect([groups.length, nodes.length]).toEqual([wanted.length, wanted.flatMap((group) => group.nodes).length]);
    for (const group of groups) expect(isWithin(group, picture)).toBe(true);
    for (const { box, texts } of nodes) {
      expect(texts.filter((text) => !isWithin(text, box))).toEqual([]);
      expect(groups.filter((group) => isWithin(box, group))).toHaveLength(1);
    }
    headings.forEach((heading, index) => expect(isWithin(heading, groups[index] as Rectangle)).toBe(true));
    for (const boxes of [groups, nodes.map(({ box }) => box)]) {
      const touching = boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) => overlap(one, other)));
      expect(touching).toEqual([]);
    }
  }

  test('no boxes overlap and no text is clipped, whatever the names are', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => expectReadable(await drawn(graph), graph)),
      { numRuns: 25 },
    );
  });

  test('300 boxes can be read, and fit on a screen or two', async () => {
    const [graph] = fc.sample(graphsOf(300, 300), 1) as [Graph];
    const found = await drawn(graph);
    expectReadable(found, graph);
    const { right, bottom } = found.picture;
    expect([right / bottom > 0.4, right / bottom < 6]).toEqual([true, true]);
  });
});

describeClient('dot', (dot) => {
  test('Graphviz reads every name as it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'repoform-graph-'));
    try {
      for (const graph of fc.sample(graphs, 10)) {
        const file = join(folder, 'graph.dot');
        writeFileSync(file, dotOf(graph));
        const { childNodes } = parseDocument(await dot(['-Tsvg', file]), { xmlMode: true });
        const groups = (name: string) => DomUtils.findAll((one) => one.name === 'g' && one.attribs['class'] === name, childNodes);
        const texts = groups('node').map((node) =>
          DomUtils.findAll(({ name }) => name === 'text', node.childNodes).map(DomUtils.textContent),
        );
        const wanted = graph.groups.flatMap(({ nodes }) => nodes.map(({ label, kind }) => [shown(label), kind]));
        expect(texts.map(String).sort()).toEqual(wanted.map(String).sort());
        expect(groups('edge')).toHaveLength(graph.edges.length);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Pictures have no control characters; Graphviz writes spaces that do not break. */
const shown = (label: string): string => label.replace(/\p{Cc}/gu, '\uFFFD');

/** Runs in the browser. */
const MEASURE = `(() => {
  const rectangle = (element) => { const { left, top, right, bottom } = element.getBoundingClientRect(); return { left, top, right, bottom }; };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  return {
    picture: rectangle(document.querySelector('svg')),
    groups: all('rect.group').map(rectangle),
    headings: all('text.heading').map(rectangle),
    nodes: all('.node').map((node) => ({ box: rectangle(node.querySelector('rect')), texts: all('text', node).map(rectangle) })),
  };
})()`;
