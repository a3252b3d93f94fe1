import { nodeProblem } from './common/node-version';

/** What the lines for the shell and the section `start` take at most; the build puts it in. */
declare const FIRST_BYTES: number;

/**
 * What the executable's shell lines have Node run: takes the section `start` from the same file and runs it.
 *
 * It is compiled as a CommonJS function, so neither the file's name nor a package.json above it has a say. An old Node has to
 * understand this text, and Terraform shows the first line on the standard output where it expects a handshake.
 */
const problem = nodeProblem(process.version);
if (problem) {
  process.stdout.write(`${problem}, and put it first on the PATH of Terraform, which found ${process.execPath}\n`);
  process.exitCode = 1;
} else {
  const get = process.getBuiltinModule;
  const { openSync, readSync, closeSync } = get('fs');
  const file = get('path').resolve(process.argv[1] as string);
  const opened = openSync(file, 'r');
  const bytes = Buffer.alloc(FIRST_BYTES);
  readSync(opened, bytes);
  closeSync(opened);
  const [, start = ''] = /\n#start (.*)/.exec(bytes.toString('latin1')) ?? [];
  const run = get('vm').compileFunction(start.replace(/\u0001/g, '\n'), ['require', '__filename'], { filename: file });
  run(get('module').createRequire(file), file);
}
