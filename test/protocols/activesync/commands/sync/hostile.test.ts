import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isElement, type WbxContent, type WbxElement } from '../../../../../protocols/activesync/wbxml/element.ts';
import { ELEMENT_NAMES, factsOf } from '../../../../../protocols/activesync/wbxml/elements.ts';
import { type Random, seededRandom, seedOf } from '../../../../support/random.ts';
import { wbxFromXml } from '../../wbxml/from-xml.ts';
import { card, event, mail, syncPhone, withServer } from './support.ts';

const COUNT = 400;

test(`${COUNT} requests with elements lost, doubled, renamed or filled with nonsense are no mistake of ours`, (t) =>
  withServer(async (server) => {
    const seed = seedOf(7);
    t.diagnostic(`seed ${seed} (TEST_SEED)`);
    const random = seededRandom(seed);
    const items = {
      inbox: await server.put('inbox', 'm', mail('One')),
      contacts: await server.put('contacts', 'c', card('u', 'Ada')),
      calendar: await server.put('calendar', 'e', event('u', 'Meeting')),
    };
    const phone = syncPhone(server);
    const ids = new Map<string, string>();
    for (const role of ['inbox', 'contacts', 'calendar'] as const) {
      ids.set(role, `${(await server.folder(role)).id}`);
      await phone.begin(ids.get(role)!);
    }
    const id = (role: keyof typeof items) => `${ids.get(role)}:${items[role]}`;
    const options =
      '<Options><FilterType>0</FilterType><Conflict>1</Conflict><MIMESupport>1</MIMESupport><b:BodyPreference><b:Type>2</b:Type><b:TruncationSize>100</b:TruncationSize></b:BodyPreference></Options>';
    const statuses = new Set<string>();
    for (let n = 0; n < COUNT; n += 1) {
      const xml = phone.document(
        [
          {
            id: ids.get('contacts')!,
            xml: `<DeletesAsMoves>1</DeletesAsMoves><GetChanges/><WindowSize>5</WindowSize><Commands><Add><ClientId>c${n}</ClientId><ApplicationData><c:FirstName>N</c:FirstName></ApplicationData></Add><Change><ServerId>${id('contacts')}</ServerId><ApplicationData><c:FirstName>${n}</c:FirstName></ApplicationData></Change></Commands>`,
          },
          {
            id: ids.get('calendar')!,
            xml: `<Commands><Change><ServerId>${id('calendar')}</ServerId><ApplicationData><cal:Subject>S${n}</cal:Subject><cal:StartTime>20260105T100000Z</cal:StartTime><cal:EndTime>20260105T110000Z</cal:EndTime><cal:Recurrence><cal:Type>1</cal:Type><cal:DayOfWeek>2</cal:DayOfWeek></cal:Recurrence></ApplicationData></Change></Commands>`,
          },
          {
            id: ids.get('inbox')!,
            xml: `${options}<Commands><Fetch><ServerId>${id('inbox')}</ServerId></Fetch></Commands>`,
          },
        ],
        '<WindowSize>100</WindowSize>',
      );
      const answer = await phone.phone.post('Sync', mutated(wbxFromXml(xml), random));
      assert.ok(answer.status === 200, `HTTP ${answer.status}`);
      const told = answer.xml.match(/<Status>(\d+)<\/Status>/g) ?? ['empty'];
      for (const status of told) statuses.add(status);
      const bugs = server.lines.filter(({ level }) => level === 'error');
      assert.deepEqual(bugs, [], `request ${n}`);
      // Whatever was done to it, the phone finds its keys again.
      for (const collection of phone.keys.keys()) if (random.chance(0.1)) await phone.begin(collection);
      phone.adopt(await phone.send(phone.document([...phone.keys.keys()].map((one) => ({ id: one })))));
    }
    assert.ok(
      ['1', '3', '4', '6', '8'].every((status) => statuses.has(`<Status>${status}</Status>`)),
      [...statuses].join(),
    );
  }));

const NONSENSE = ['', '0', '-1', '1', '513', '99999999999', 'x', '8:1', '20269999T999999Z', 'ü'.repeat(70), '\u0000'];

/** One to three changes somewhere in the document, its root apart. */
function mutated(root: WbxElement, random: Random): WbxElement {
  let result = root;
  for (let n = 1 + random.below(3); n > 0; n -= 1) result = onceMutated(result, random);
  return result;
}

function onceMutated(element: WbxElement, random: Random): WbxElement {
  const { children } = element;
  const inner = children.flatMap((content, index) => (isElement(content) ? [index] : []));
  if (inner.length === 0) return { ...element, children: [random.pick(NONSENSE)] };
  const at = random.pick(inner);
  const chosen = children[at] as WbxElement;
  if (random.chance(0.75)) return withChild(element, at, [onceMutated(chosen, random)]);
  const choice = random.below(5);
  if (choice === 0) return withChild(element, at, []);
  if (choice === 1) return withChild(element, at, [chosen, chosen]);
  if (choice === 2) return { ...element, children: [...children].reverse() };
  if (choice === 3) return withChild(element, at, [{ ...chosen, children: [random.pick(NONSENSE)] }]);
  const name = random.pick(ELEMENT_NAMES);
  return withChild(element, at, [{ ...chosen, name, page: factsOf(name)!.page }]);
}

function withChild(element: WbxElement, at: number, contents: readonly WbxContent[]): WbxElement {
  return { ...element, children: element.children.toSpliced(at, 1, ...contents) };
}
