import { type Document, type MemberDocument } from '../../format';
import { type LocalRepository } from '../../repository';
import { Best } from '../../../store/pages';
import { type Json, listOf, objectOf, readObject } from '../../json';
import { summaries, type Summary } from './package-file';
import { answer } from './shown';

interface Ranked {
  readonly each: Summary;
  readonly score: number;
}

const UNSET_SIZE = 20;
const MOST = 250;

/** Answers a search: every word must occur in the name, the description or the keywords; names that are or begin with a word come first. */
export async function search(repository: LocalRepository, query: URLSearchParams): Promise<Document> {
  const words = (query.get('text') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const from = wholeNumber(query.get('from'), 0);
  const size = Math.min(MOST, wholeNumber(query.get('size'), UNSET_SIZE));
  const ranked = new Best<Ranked>({ offset: from, limit: size }, (a, b) => b.score - a.score || (a.each.name < b.each.name ? -1 : 1));
  for await (const each of summaries(repository))
    if (words.every((word) => isAbout(each, word))) ranked.add({ each, score: scoreOf(each, words) });
  const objects = ranked.rows.map(({ each, score }) => shown(each, score));
  return answer({ objects, total: ranked.total, time: new Date().toISOString() });
}

/** Joins what members found: of packages with one name the first member's, but those of the repositories' own before all others. */
export function mergeSearches(members: readonly MemberDocument[]): Document {
  const isOwn = ({ location }: MemberDocument) => location.url === location.upstream;
  const ordered = [...members.filter(isOwn), ...members.filter((member) => !isOwn(member))];
  const results = ordered.map(({ body }) => readObject(body, 'the answer to an npm search'));
  const byName = new Map<unknown, unknown>();
  for (const found of results.flatMap(({ objects }) => listOf(objects))) {
    const { name } = objectOf(objectOf(found)['package']);
    if (!byName.has(name)) byName.set(name, found);
  }
  const total = results.reduce((sum, json) => sum + (Number(json['total']) || 0), 0);
  return answer({ objects: [...byName.values()], total, time: new Date().toISOString() });
}

function isAbout({ name, description, keywords }: Summary, word: string): boolean {
  const keyword = /^keywords:(.+)$/.exec(word)?.[1];
  if (keyword !== undefined) return keywords.some((each) => keyword.split(',').includes(each.toLowerCase()));
  return [name, description, ...keywords].some((text) => text.toLowerCase().includes(word));
}

function scoreOf({ name }: Summary, words: readonly string[]): number {
  if (words.includes(name)) return 1;
  return words.some((word) => name.slice(name.indexOf('/') + 1).startsWith(word)) ? 0.5 : 0.1;
}

function shown({ name, version, description, keywords, date, links }: Summary, score: number): Json {
  const scope = /^@([^/]+)\//.exec(name)?.[1] ?? 'unscoped';
  const detail = { quality: score, popularity: score, maintenance: score };
  const about = { name, scope, version, description, keywords, date, links, publisher: { username: 'anonymous' }, maintainers: [] };
  return { package: about, score: { final: score, detail }, searchScore: score };
}

function wholeNumber(text: string | null, unset: number): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : unset;
}
