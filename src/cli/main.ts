#!/usr/bin/env node
import { nodeProblem } from '../common/node-version';

const problem = nodeProblem(process.version);
if (problem) {
  process.stderr.write('repoform: ' + problem + '\n');
  process.exitCode = 1;
} else {
  // The reader of the output, a terminal or a pipe, may be gone before the command is done.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Everything else is loaded after the check, because an old Node may fail to load it.
  void import('./program')
    .then(({ run }) => run(process.argv.slice(2)))
    .then((code) => {
      if (code !== 0) process.exitCode = code;
    });
}
