import fc from 'fast-check';
import { dotOf } from '../../src/graph/dot';
import { type Graph, graphOf } from '../../src/graph/graph';
import { mermaidOf } from '../../src/graph/mermaid';
import { svgOf } from '../../src/graph/svg';
import { parseStack } from '../../src/plans/parse-stack';
import { fixtures, fixtureText, known, planIn } from '../plans/fixtures/fixtures';
import { graphs } from './graphs';

/** A graph in words: `group: label (kind) action`, and edges by the labels of their ends. */
function inWords({ groups, edges }: Graph) {
  const labels = new Map(groups.flatMap(({ nodes }) => nodes.map(({ id, label }) => [id, label] as const)));
  return {
    nodes: groups.flatMap(({ label, nodes }) => nodes.map((node) => `${label} | ${node.label} (${node.kind}) ${node.action}`)),
    edges: edges.map(({ from, to, label }) => `${labels.get(from)} -> ${labels.get(to)}${label === undefined ? '' : ` (${label})`}`),
  };
}

test.each(fixtures)('the plan of %s', (name) => {
  expect(inWords(graphOf('plan', [planIn(fixtureText(name))]))).toEqual({
    nodes: [
      'ArtifactAPI | builds/README.md (local file) delete',
      'ArtifactAPI: alpine | alpine (remote alpine) none',
      'ArtifactAPI: generic | builds (local generic) delete',
      'ArtifactAPI: goproxy | go (remote goproxy) none',
      'ArtifactAPI: helm | charts (remote helm) delete',
      'ArtifactAPI: helm | charts-internal (local helm) replace',
      'ArtifactAPI: npm | npm (remote npm) update',
      'ArtifactAPI: npm | npm-all (virtual npm) update',
      'ArtifactAPI: npm | npm-github (remote npm) create',
      'ArtifactAPI: npm | npm-own (local npm) none',
      'ArtifactAPI: pypi | partner (remote pypi) update',
      'ArtifactAPI: pypi | pypi (remote pypi) update',
      'ArtifactAPI: rpm | rpm (remote rpm) forget',
      'BK-Repo | builder (user) update',
      'BK-Repo: payments | NODE/builders (permission) replace',
      'BK-Repo: payments | npm (local repository NPM) none',
      'BK-Repo: payments | npm (repository access mode) update',
      'BK-Repo: payments | npm-all (virtual repository NPM) update',
      'BK-Repo: payments | npmjs (remote repository NPM) none',
      'BK-Repo: payments | payments (project) none',
      'BK-Repo: payments | releases (local repository GENERIC) update',
    ],
    edges: [
      'npm-all -> npm (1)',
      'npm-all -> npm-own (2)',
      'npm-all -> npm-github (3)',
      'NODE/builders -> npm',
      'NODE/builders -> builder',
      'npm -> npm',
      'npm-all -> npmjs (1)',
      'npm-all -> npm (2)',
      'builds/README.md -> builds',
    ],
  });
});

test('stacks: references and names alike, others left out, two of the same address apart', () => {
  const stack = (name: string) => {
    const parsed = parseStack(
      JSON.stringify({
        terraform: { required_providers: { artifactapi: { source: 'repoform/artifactapi' }, random: { source: 'hashicorp/random' } } },
        resource: {
          random_id: { x: {} },
          artifactapi_remote_npm: { npmjs: { name: `${name}-npmjs`, base_url: 'https://npm.example.com' } },
          artifactapi_local_npm: { own: { name: `${name}-own` } },
          artifactapi_virtual: {
            all: { name: `${name}-all`, package_type: 'npm', members: [`${name}-own`, '${artifactapi_remote_npm.npmjs.name}'] },
            one: { name: `${name}-one`, package_type: 'npm', members: ['elsewhere', `${name}-own`] },
          },
        },
      }),
      name,
      known,
    );
    if ('problem' in parsed) throw new Error(parsed.problem);
    return parsed.value;
  };
  const { nodes, edges } = inWords(graphOf('both', [stack('a'), stack('b')]));
  expect(nodes).toEqual(
    [
      'a-all (virtual npm)',
      'a-npmjs (remote npm)',
      'a-one (virtual npm)',
      'a-own (local npm)',
      'b-all (virtual npm)',
      'b-npmjs (remote npm)',
      'b-one (virtual npm)',
      'b-own (local npm)',
    ].map((node) => `ArtifactAPI: npm | ${node} none`),
  );
  expect(edges).toEqual(
    ['a', 'b'].flatMap((name) => [`${name}-all -> ${name}-own (1)`, `${name}-all -> ${name}-npmjs (2)`, `${name}-one -> ${name}-own`]),
  );
});

test('no secret is in any picture', () => {
  const graph = graphOf('plan', [planIn(fixtureText('terraform-1.15'))]);
  for (const text of [mermaidOf(graph), dotOf(graph), svgOf(graph)]) expect(text).not.toMatch(/password-[12]|correct-horse/);
});

describe('names that mean something in the language of the picture', () => {
  test('mermaid has lines of a few forms only', () => {
    const text = String.raw`"[\p{L}\p{N} ./:@_#;-]*(?:<br/>[\p{L}\p{N} ./:@_#;-]*)?"`;
    const line = new RegExp(
      String.raw`^(?:flowchart LR|  subgraph g\d+\[${text}\]|    n\d+\[${text}\](?::::[a-z]+)?|  end|  n\d+ -->(?:\|\d+\|)? n\d+|  classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#1b1b1b|)$`,
      'u',
    );
    fc.assert(
      fc.property(graphs, (graph) =>
        mermaidOf(graph)
          .split('\n')
          .every((one) => line.test(one)),
      ),
    );
  });

  test('svg is XML with those texts', () => {
    const nasty = '<script>alert("1")</script> & \u0000\u001b';
    const svg = svgOf({
      title: nasty,
      groups: [{ label: nasty, nodes: [{ id: 'x', label: nasty, kind: nasty, action: 'none' }] }],
      edges: [],
    });
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });
});
