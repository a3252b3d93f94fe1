import { relative } from 'node:path';
import { root, work } from './environment';
import type { Seen } from './recorder';
import type { Run } from './steps';

/** What was done, and what to try next. */
export function summary({ npm, npmResult, outputs, charts, file }: Run, seconds: number): string {
  const data = relative(root, work);
  return `
What happened, in ${seconds} s:
  - A registry ran on this machine, and "cdktf deploy" made the repositories that examples/quickstart/main.ts declares.
  - npm installed ${npm.packageName} ${npm.version} through ${outputs.npm_url}
${answers('first time', npmResult.first)}
${answers('second time', npmResult.second)}
  - Two chart repositories are one: ${outputs.charts_url}/index.yaml
      ${charts.join(', ')}
  - The local repository took and gave back ${file}
  - "cdktf deploy" again: no changes.
Nothing is left running. Logs and data are in ${data}

What to try next:
  npx repoform registry                          a registry that stays, on http://127.0.0.1:8000; then in another terminal:
  npx repoform registry --strict                 the same, serving only what a real ArtifactAPI is known to serve
  cd examples/quickstart                         the same stack, with upstreams of your choice
  NPM_UPSTREAM=$(npm config get registry) npx cdktf deploy
  change main.ts, then: npx cdktf diff           what a change would do
`;
}

function answers(when: string, seen: readonly Seen[]): string {
  const width = Math.max(...seen.map(({ path }) => path.length));
  return seen.map(({ path, source }) => `      ${when.padEnd(12)} ${path.padEnd(width)}  X-Artifact-Source: ${source}`).join('\n');
}
