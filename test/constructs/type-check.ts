import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '../..');

/** What the compiler says of a file, one message each. */
export function typeProblems(file: string, more: ts.CompilerOptions = {}): string[] {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root);
  const program = ts.createProgram([file], {
    ...options,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    ...more,
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Writes a snippet and says what the compiler says of it. */
export function snippetProblems(file: string, text: string): string[] {
  writeFileSync(file, text);
  return typeProblems(file);
}
