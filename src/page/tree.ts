import { visible } from '../common/visible';
import { fill, h, own, say } from './dom';
import { bytes, count, counted, moment } from './format';
import { problem } from './parts';

/** A file or a folder. */
export interface Entry {
  readonly name: string;
  /** That of a folder ends with a slash. */
  readonly path: string;
  /** Files in a folder; undefined where the registry does not count them. */
  readonly files?: number;
  readonly hasMore?: boolean;
  readonly size?: number;
  readonly hits?: number;
  readonly bytesServed?: number;
  readonly contentType?: string;
  readonly createdAt?: string;
  readonly usedAt?: string;
}

/** Where the tree has its entries from. */
export interface TreeSource {
  readonly label: string;
  load(folder: string, from: string): Promise<{ readonly entries: readonly Entry[]; readonly next: string | null }>;
  /** Shows what is known of a file. */
  open(entry: Entry): void;
  /** Lets go of what is cached; answers whether it was done. @default nothing is cached here */
  evict?(entry: Entry): Promise<boolean>;
}

interface Item {
  readonly entry: Entry | undefined;
  readonly parent: Item | undefined;
  readonly level: number;
  readonly row: HTMLElement;
  children: Item[];
  /** Where the next page of the children begins; null when all are there. */
  next: string | null;
  isOpen: boolean;
  isLoading: boolean;
}

export const isFolder = ({ path }: Entry): boolean => path.endsWith('/');
const about = (number: number, hasMore = false): string => `${hasMore ? 'over ' : ''}${count(number)}`;

/** A tree of files by the treegrid pattern of WAI-ARIA: arrow keys move and open, one row at a time is in the tab order. */
export class Tree {
  readonly element: HTMLElement;
  readonly #body = h('div', { role: 'rowgroup', class: 'rows' });
  readonly #top: Item;
  readonly #items = new Map<Element, Item>();
  #current: Item | undefined;

  constructor(private readonly source: TreeSource) {
    const heads = ['Name', 'Size', 'Files', 'Hits', 'Last used', ...(source.evict ? ['Cache'] : [])];
    const head = h('div', { role: 'row', class: 'row head' }, ...heads.map((name) => h('div', { role: 'columnheader' }, name)));
    this.element = h('div', { role: 'treegrid', 'aria-label': source.label, class: source.evict ? 'tree evictable' : 'tree' });
    this.element.append(h('div', { role: 'rowgroup' }, head), this.#body);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focusin', (event) => this.#enter(this.#itemAt(event.target)));
    this.element.addEventListener('click', (event) => this.#click(event));
    const blank = { entry: undefined, parent: undefined, row: this.#body, children: [] as Item[] };
    this.#top = { ...blank, level: 0, next: '', isOpen: true, isLoading: false };
  }

  /** Reads the top folder anew. */
  async begin(): Promise<void> {
    this.#items.clear();
    this.#body.replaceChildren();
    Object.assign(this.#top, { children: [], next: '' });
    await this.#load(this.#top);
    if (this.#top.children.length === 0)
      fill(this.element, h('div', { role: 'row' }, h('div', { role: 'gridcell', class: 'empty' }, 'There are no files here yet.')));
  }

  async #load(item: Item): Promise<void> {
    if (item.isLoading || item.next === null) return;
    item.isLoading = true;
    item.row.setAttribute('aria-busy', 'true');
    try {
      const { entries, next } = await this.source.load(item.entry?.path ?? '', item.next);
      const more = item.children.at(-1)?.entry === undefined ? item.children.pop() : undefined;
      const before = more ? this.#before(more) : (item.children.at(-1) ?? item);
      const had = more !== undefined && this.#current === more;
      if (more) this.#drop(more);
      item.next = next;
      const added = entries.map((entry) => this.#item(entry, item));
      item.children.push(...added);
      if (next !== null) item.children.push(this.#item(undefined, item));
      if (item.isOpen) this.#place(item.children.slice(-added.length - (next === null ? 0 : 1)), before);
      this.#number(item);
      this.#current ??= this.#top.children[0];
      if (had) this.#focus(added[0] ?? item);
      else this.#roving();
    } catch (cause) {
      if (item === this.#top) fill(this.#body, h('div', { role: 'row' }, h('div', { role: 'gridcell' }, problem(cause))));
      else say(cause instanceof Error ? cause.message : String(cause));
    } finally {
      item.isLoading = false;
      item.row.removeAttribute('aria-busy');
    }
  }

  /** The row above one, among all that are shown. */
  #before(item: Item): Item {
    return this.#itemAt(item.row.previousElementSibling) ?? this.#top;
  }

  #place(items: readonly Item[], before: Item): void {
    const rows = items.map(({ row }) => row);
    // Behind everything that is open in the one before.
    let last = before.row;
    while (this.#isInside(last.nextElementSibling, before)) last = last.nextElementSibling as HTMLElement;
    if (before === this.#top) this.#body.prepend(...rows);
    else last.after(...rows);
  }

  #isInside(row: Element | null, item: Item): boolean {
    for (let at = row ? this.#items.get(row)?.parent : undefined; at; at = at.parent) if (at === item) return true;
    return false;
  }

  #item(entry: Entry | undefined, parent: Item): Item {
    const level = parent.level + 1;
    const row = h('div', { role: 'row', class: 'row', 'aria-level': level, tabindex: '-1' });
    row.style.setProperty('--level', String(level));
    if (entry) row.append(...this.#cells(entry));
    else row.append(h('div', { role: 'gridcell', class: 'name more' }, h('span', { class: 'twist' }), 'Show more'));
    if (entry && isFolder(entry)) row.setAttribute('aria-expanded', 'false');
    const item: Item = {
      entry,
      parent,
      level,
      row,
      children: [],
      next: entry && isFolder(entry) ? '' : null,
      isOpen: false,
      isLoading: false,
    };
    this.#items.set(row, item);
    return item;
  }

  #cells(entry: Entry): HTMLElement[] {
    const { name, size, files, hits, hasMore, usedAt = '' } = entry;
    const shown = name === '' ? '(no name)' : name;
    const label = h(
      'div',
      { role: 'gridcell', class: 'name', title: visible(entry.path) },
      h('span', { class: 'twist' }),
      own(shown + (isFolder(entry) ? '/' : '')),
    );
    const cell = (text: string, kind: string) => h('div', { role: 'gridcell', class: kind }, text);
    return [
      label,
      cell(size === undefined ? '' : (hasMore ? '≥ ' : '') + bytes(size), 'size'),
      cell(files === undefined ? '' : about(files, hasMore), 'files'),
      cell(hits === undefined || hits === 0 ? '' : (hasMore ? '≥ ' : '') + count(hits), 'hits'),
      cell(usedAt === '' ? '' : moment(usedAt), 'used'),
      ...(this.source.evict
        ? [
            h(
              'div',
              { role: 'gridcell', class: 'act' },
              h('button', { type: 'button', class: 'plain small', tabindex: '-1', 'aria-label': `Evict ${visible(entry.path)}` }, 'Evict'),
            ),
          ]
        : []),
    ];
  }

  #number(item: Item): void {
    const size = item.next === null ? item.children.length : -1;
    item.children.forEach(({ row }, at) => {
      row.setAttribute('aria-posinset', String(at + 1));
      row.setAttribute('aria-setsize', String(size));
    });
  }

  async #toggle(item: Item, isOpen = !item.isOpen): Promise<void> {
    if (!item.entry || !isFolder(item.entry) || item.isOpen === isOpen) return;
    item.isOpen = isOpen;
    item.row.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return this.#fold(item);
    if (item.children.length === 0) await this.#load(item);
    else this.#unfold(item);
  }

  #fold(item: Item): void {
    if (this.#current && this.#isInside(this.#current.row, item)) this.#focus(item);
    while (this.#isInside(item.row.nextElementSibling, item)) item.row.nextElementSibling?.remove();
  }

  #unfold(item: Item): void {
    const rows = (of: Item): HTMLElement[] => of.children.flatMap((child) => [child.row, ...(child.isOpen ? rows(child) : [])]);
    item.row.after(...rows(item));
  }

  #drop(item: Item): void {
    this.#fold(item);
    item.row.remove();
    this.#items.delete(item.row);
  }

  async #act(item: Item): Promise<void> {
    if (!item.entry) return this.#load(item.parent ?? this.#top);
    if (isFolder(item.entry)) return this.#toggle(item);
    this.source.open(item.entry);
  }

  async #evict(item: Item): Promise<void> {
    const { entry, parent } = item;
    if (!entry || !parent || !(await this.source.evict?.(entry))) return;
    const rows = [...this.#body.children];
    const at = rows.indexOf(item.row);
    this.#drop(item);
    parent.children = parent.children.filter((child) => child !== item);
    this.#number(parent);
    if (this.#top.children.length === 0) return this.begin();
    this.#focus(this.#itemAt(this.#body.children[Math.min(at, this.#body.children.length - 1)]) ?? parent);
  }

  #itemAt(target: unknown): Item | undefined {
    const row = target instanceof Element ? target.closest('[role="row"]') : null;
    return row ? this.#items.get(row) : undefined;
  }

  #click(event: Event): void {
    const item = this.#itemAt(event.target);
    if (!item) return;
    const isButton = event.target instanceof Element && event.target.closest('button') !== null;
    if (!isButton) this.#focus(item);
    void (isButton ? this.#evict(item) : this.#act(item));
  }

  #key(event: KeyboardEvent): void {
    const item = this.#itemAt(event.target);
    const isButton = event.target instanceof HTMLButtonElement;
    if (!item || event.ctrlKey || event.metaKey || event.altKey || (isButton && ['Enter', ' '].includes(event.key))) return;
    const move = this.#moves(item)[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  #moves(item: Item): Readonly<Record<string, () => void>> {
    const rows = this.#body.children;
    const go = (row: Element | null | undefined) => this.#focus(this.#itemAt(row));
    return {
      ArrowDown: () => go(item.row.nextElementSibling),
      ArrowUp: () => go(item.row.previousElementSibling),
      Home: () => go(rows[0]),
      End: () => go(rows[rows.length - 1]),
      ArrowRight: () => (item.isOpen ? this.#focus(item.children[0]) : void this.#toggle(item, true)),
      ArrowLeft: () => (item.isOpen ? void this.#toggle(item, false) : item.parent !== this.#top && this.#focus(item.parent)),
      Enter: () => void this.#act(item),
      ' ': () => void this.#act(item),
      ...(this.source.evict && { Delete: () => void this.#evict(item) }),
    };
  }

  #focus(item: Item | undefined): void {
    if (!item || item === this.#top) return;
    this.#enter(item);
    item.row.focus();
  }

  #enter(item: Item | undefined): void {
    if (!item || item === this.#current) return;
    if (this.#current) this.#setTabbable(this.#current, false);
    this.#current = item;
    this.#roving();
  }

  #roving(): void {
    if (this.#current) this.#setTabbable(this.#current, true);
  }

  #setTabbable({ row }: Item, isTabbable: boolean): void {
    for (const each of [row, ...row.querySelectorAll('button')]) each.tabIndex = isTabbable ? 0 : -1;
  }
}

/** How much is lost with an entry, in words. */
export function extent({ path, files, hasMore, size = 0 }: Entry): string {
  if (!path.endsWith('/')) return `one file, ${bytes(size)}`;
  if (files === undefined) return 'everything in it';
  return hasMore ? `more than ${count(files)} files, at least ${bytes(size)}` : `${counted(files, 'file')}, ${bytes(size)}`;
}
