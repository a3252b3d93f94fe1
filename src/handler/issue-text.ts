import type { z } from 'zod';
import { writeJson } from '../common/exact-json';
import type { Value } from '../common/value';

/** What the message may show of the attribute. */
export interface IssueSubject {
  readonly name: string;
  readonly sensitive: boolean;
  readonly value: Value;
}

/** What is wrong, the value given, what is allowed. A sensitive value is never shown. */
export function issueText(issue: z.core.$ZodIssue, subject: IssueSubject): string {
  const given = subject.sensitive ? 'the value given' : shown(subject.value);
  const sentence =
    sentences[issue.code]?.(issue as never, given) ??
    (subject.sensitive ? `${given} is not allowed${reason(issue, subject.value)}` : issue.message);
  const tells = subject.sensitive && tellsOf(subject.value, sentence);
  return `"${subject.name}": ${tells ? 'the value given is not allowed' : sentence}.`;
}

/** Whether the definition's own text, which may include the value, reveals it. */
const tellsOf = (value: Value, sentence: string): boolean =>
  typeof value === 'string' || typeof value === 'number' ? value !== '' && sentence.includes(String(value)) : false;

/** The rule that a secret breaks, if the text of the rule does not contain the secret. */
function reason({ code, message }: z.core.$ZodIssue, value: Value): string {
  const telling = code === 'custom' && typeof value === 'string' && (value === '' || !message.includes(value));
  return telling ? `: ${message}` : '';
}

const sentences: Partial<Record<z.core.$ZodIssue['code'], (issue: never, given: string) => string>> = {
  invalid_value: (issue: z.core.$ZodIssueInvalidValue, given) =>
    `${given} is not allowed; allowed are ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`,
  too_small: (issue: z.core.$ZodIssueTooSmall, given) =>
    own(issue) ??
    (issue.minimum === 1 && issue.origin === 'string'
      ? `${given} must not be empty`
      : `${given} is too ${sized(issue.origin, 'short', 'little')}; at least ${issue.minimum}${unit(issue.origin)} needed`),
  too_big: (issue: z.core.$ZodIssueTooBig, given) =>
    own(issue) ?? `${given} is too ${sized(issue.origin, 'long', 'much')}; at most ${issue.maximum}${unit(issue.origin)} allowed`,
  invalid_format: (issue: z.core.$ZodIssueInvalidStringFormat, given) => `${given} ${own(issue) ?? misfit(issue)}`,
  invalid_type: (issue: z.core.$ZodIssueInvalidType, given) =>
    own(issue) ?? `${given} should be ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`,
};

/** A message from the definition takes precedence. */
const own = (issue: z.core.$ZodIssue): string | undefined => (/^(Invalid|Too (small|big))/.test(issue.message) ? undefined : issue.message);

const sized = (origin: string, text: string, number: string): string => (origin === 'number' || origin === 'int' ? number : text);
const unit = (origin: string): string =>
  origin === 'string' ? ' characters are' : origin === 'array' || origin === 'set' ? ' elements are' : ' is';

function shown(value: Value): string {
  const text = writeJson(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

const misfit = ({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string =>
  format === 'regex' && pattern !== undefined ? `does not match ${pattern}` : 'has the wrong format';
