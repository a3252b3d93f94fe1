import { readFileSync } from 'node:fs';

/** What publint and attw (Are The Types Wrong?) find in a packed package: every entry point, in every mode of resolution. */
export async function packageProblems(tarball: string): Promise<string[]> {
  const content = readFileSync(tarball);
  return [...(await lintProblems(content)), ...(await typeProblems(content))];
}

async function lintProblems(content: Buffer): Promise<string[]> {
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const { buffer, byteOffset, byteLength } = content;
  const tarball = (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.filter(({ args }) => !isOwnPackage(args)).map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/** Examples and templates are packages of their own, to be copied; their `exports` take effect there. */
function isOwnPackage(about: unknown): boolean {
  return JSON.stringify(about).includes('"./templates/') || JSON.stringify(about).includes('"./examples/');
}

async function typeProblems(content: Buffer): Promise<string[]> {
  const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core');
  const { problemKindInfo } = await import('@arethetypeswrong/core/problems');
  const result = await checkPackage(createPackageFromTarballData(content));
  if (!result.types) return ['attw: the package has no types'];
  return result.problems.map((problem) => {
    const about: Partial<Record<string, unknown>> = { ...problem };
    const file = about['typesFileName'] ?? about['fileName'] ?? about['entrypoint'];
    return `attw: ${String(file).replace(/^\/node_modules\/[^/]+/, '')}: ${problemKindInfo[problem.kind].shortDescription}`;
  });
}
