import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as typescript from 'typescript';
import { languageModule } from './language';
import { BuildProblem, type Place } from './place';

/**
 * Type-checks the definition and what it imports, with the settings of the package. What the compiler refuses (a misspelt fact, a hook
 * that is missing or has another name) would otherwise be ignored, or fail when a user applies.
 */
export function checkTypes({ folder, entry, typescript: ts }: Place, languageTypes: string): void {
  const host: typescript.FormatDiagnosticsHost = {
    getCurrentDirectory: () => folder,
    getCanonicalFileName: (file) => file,
    getNewLine: () => '\n',
  };
  const { options, fileNames, errors } = settingsOf(folder, ts);
  const program = ts.createProgram([entry, ...fileNames.filter((file) => /\.d\.[cm]?ts$/.test(file))], {
    ...options,
    noEmit: true,
    composite: false,
    incremental: false,
    skipLibCheck: true,
    // The build uses this language whatever is installed, so the definition has to agree with it.
    paths: { ...options.paths, [languageModule]: [languageTypes] },
  });
  const problems = [...errors, ...ts.getPreEmitDiagnostics(program)];
  if (problems.length > 0) throw new BuildProblem('the definition does not compile:', ts.formatDiagnostics(problems, host));
}

type Settings = Pick<typescript.ParsedCommandLine, 'options' | 'fileNames' | 'errors'>;

function settingsOf(folder: string, ts: typeof typescript): Settings {
  const file = join(folder, 'tsconfig.json');
  if (existsSync(file)) {
    const { config, error } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as {
      config?: unknown;
      error?: typescript.Diagnostic;
    };
    if (error) return { options: {}, fileNames: [], errors: [error] };
    const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder, undefined, file);
    // A package may keep its files elsewhere; the entry is named by itself.
    return { options, fileNames, errors: errors.filter(({ code }) => code !== noInputs) };
  }
  const { ES2022: target } = ts.ScriptTarget;
  const [module, moduleResolution] = [ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16];
  return { options: { target, module, moduleResolution, strict: true, types: [] }, fileNames: [], errors: [] };
}

/** "No inputs were found in config file". */
const noInputs = 18003;
