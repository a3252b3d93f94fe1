const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** How important a log line is. */
export type Level = (typeof LEVELS)[number];

/** Further facts of a log line. */
export type Fields = Readonly<Record<string, string | number | boolean>>;

/** Writes lines that Terraform puts in its own log. */
export interface Logger {
  /** Whether a line of this level would be written, for lines that cost something to make. */
  enabled(level: Level): boolean;
  log(level: Level, message: string, fields?: Fields): void;
}

/** Makes a logger that writes what `TF_LOG_PROVIDER`, or else `TF_LOG`, asks for, and nothing when neither is set. */
export function createLogger(env: NodeJS.ProcessEnv, write: (line: string) => void): Logger {
  const threshold = thresholdOf(env.TF_LOG_PROVIDER || env.TF_LOG || 'off');
  const enabled = (level: Level): boolean => LEVELS.indexOf(level) >= threshold;
  return {
    enabled,
    log(level, message, fields) {
      if (!enabled(level)) return;
      const facts = { '@level': level, '@message': message, '@timestamp': new Date().toISOString(), '@module': 'provider' };
      write(JSON.stringify({ ...fields, ...facts }) + '\n');
    },
  };
}

/** As in Terraform, a word that is no level (`JSON` is one) asks for everything. */
function thresholdOf(asked: string): number {
  const word = asked.toLowerCase();
  if (word === 'off') return LEVELS.length;
  return Math.max(
    0,
    LEVELS.findIndex((level) => level === word),
  );
}
