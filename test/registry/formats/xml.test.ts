import { readXml } from '../../../src/registry/formats/xml';

const read = (text: string) => readXml(Buffer.from(text), 'a', 'a document');

test('elements have their texts and children, whatever closes them', () => {
  const text = '<?xml version="1.0"?><!-- <a> --><a xmlns="x"><b/> <c x="1"/><d> 1 &lt; 2 <![CDATA[& <e>]]></d><n:f></n:f></a>';
  const leaf = (name: string, content = '') => ({ name, text: content, children: [] });
  expect(read(text)).toEqual({ name: 'a', text: '', children: [leaf('b'), leaf('c'), leaf('d', '1 < 2 & <e>'), leaf('f')] });
});

test('entities that a document defines are not filled in', () => {
  expect(read('<!DOCTYPE a [<!ENTITY e "much">]><a>&e;</a>').text).toBe('&e;');
});

test.each([
  ['<a><b></a>', '<b> is not closed'],
  ['<a><b></c></a>', '<b> is not closed'],
  ['<a>', '<a> is not closed'],
  ['<b></b>', 'its outermost element is not <a>'],
  ['<a/><a/>', 'its outermost element is not <a>'],
  ['', 'its outermost element is not <a>'],
  ['<a>'.repeat(1000) + '</a>'.repeat(1000), 'its elements are nested too deeply'],
])('%s is not a document', (text, reason) => {
  expect(() => read(text)).toThrow(`not a document: ${reason}`);
});

test('a document that is nested without end is refused at once, however large it is', () => {
  const begun = Date.now();
  expect(() => read('<a>'.repeat(320_000))).toThrow('not a document: its elements are nested too deeply');
  expect(Date.now() - begun).toBeLessThan(10_000);
  const most = '<a>'.repeat(100) + '</a>'.repeat(100);
  expect(read(most).name).toBe('a');
  expect(() => read(`<a>${most}</a>`)).toThrow('nested too deeply');
});
