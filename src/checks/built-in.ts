import { defineRule, type Rule, type RuleSource } from './define/rule';

/** A rule of ours, which is one file: its name is that of the file, its summary the comment on it, and its page the one generated from both. */
export type BuiltInRule = Omit<RuleSource, 'code' | 'summary' | 'url'>;

const pages = 'https://github.com/repoform/repoform/blob/main/docs/checks';

/** A rule with what its file says of it. */
export const named = (code: string, summary: string, rule: BuiltInRule): Rule =>
  defineRule({ ...rule, code, summary, url: `${pages}/${code}.md` });
