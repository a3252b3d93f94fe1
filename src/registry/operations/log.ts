import { visible } from '../../common/visible';
import { type Logger } from '../logger';

/** The levels of a log, the most talkative first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
/** From which level on something is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];
/** The forms of a log. */
export const LOG_FORMATS = ['text', 'json'] as const;

/** How to log. */
export interface LogOptions {
  readonly format: (typeof LOG_FORMATS)[number];
  readonly level: LogLevel;
}

/** Makes a log on the standard error: lines of JSON, or lines for people. */
export async function openLog({ format, level }: LogOptions): Promise<Logger> {
  const write = format === 'json' ? await jsonWriter() : writeText;
  const from = LOG_LEVELS.indexOf(level);
  const method =
    (name: LogLevel) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
      if (LOG_LEVELS.indexOf(name) >= from) write(name, message, facts);
    };
  return { info: method('info'), warn: method('warn'), error: method('error') };
}

type Write = (level: LogLevel, message: string, facts: Readonly<Record<string, unknown>>) => void;

async function jsonWriter(): Promise<Write> {
  const { pino } = await import('pino');
  const log = pino(
    {
      base: null,
      level: 'info',
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Whoever reads it in a terminal sees what is there.
      hooks: { streamWrite: (line) => `${visible(line.trimEnd())}\n` },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  return (level, message, facts) => (level === 'silent' ? undefined : log[level](facts, message));
}

const writeText: Write = (level, message, facts) => {
  const pairs = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [` ${name}=${quoted(value)}`]));
  process.stderr.write(`${new Date().toISOString()} ${level.toUpperCase()} ${message}${pairs.join('')}\n`);
};

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return /^[\w./:@+-]+$/.test(text) ? text : visible(JSON.stringify(text));
}
