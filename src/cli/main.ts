#!/usr/bin/env node
import { nodeProblem } from '../common/node-version';

const problem = nodeProblem(process.version);
if (problem) {
  process.stderr.write('repoform: ' + problem + '\n');
  process.exitCode = 1;
} else {
  // Everything else is loaded after the check, because an old Node may fail to load it.
  void import('./program')
    .then(({ run }) => run(process.argv.slice(2)))
    .then((code) => {
      if (code !== 0) process.exitCode = code;
    });
}
