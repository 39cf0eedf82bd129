import assert from 'node:assert/strict';
import type { Random } from '../random.ts';
import type { Phone, PhoneAnswer } from './phone.ts';
import { type AskedOf, SyncPhone, type ToldCollection, type ToldSync } from './sync-phone.ts';

/** One thing that a phone did and the server has not answered yet; sent again as it is until there is an answer. */
type Pending =
  | { readonly kind: 'add'; readonly clientId: string; readonly name: string; value: string }
  | { readonly kind: 'change'; readonly serverId: string; readonly name: string; value: string }
  | { readonly kind: 'delete'; readonly serverId: string; readonly name: string };

interface Own {
  readonly serverId: string;
  value: string;
}

const MOST_COMMANDS = 4;
/** Small, so that what others did takes several answers. */
const OPTIONS = '<WindowSize>25</WindowSize>';

/**
 * A phone that works on contacts and mail of its own as people do, keeps what was not answered and sends it again with the same
 * key and the same ids, as it was or edited further. It never learns what became of an answer that was lost.
 */
export class WorkingPhone {
  readonly name: string;
  readonly sync: SyncPhone;
  /** Contacts of its own by name. */
  readonly own = new Map<string, Own>();
  /** Subjects of messages that the server took. */
  readonly sent = new Set<string>();
  readonly #phone: Phone;
  readonly #contacts: string;
  readonly #random: Random;
  #pending: Pending[] = [];
  #mail: string | null = null;
  #count = 0;
  acknowledged = 0;

  constructor(name: string, phone: Phone, contacts: string, random: Random) {
    this.name = name;
    this.#phone = phone;
    this.#contacts = contacts;
    this.#random = random;
    this.sync = new SyncPhone(phone);
  }

  /** Works until the connection breaks. */
  async work(): Promise<void> {
    await this.#untilCut(async () => {
      for (;;) await this.#step();
    });
  }

  /** Sends what is not answered, and fetches what there is. */
  async catchUp(): Promise<void> {
    if (this.#mail !== null) await this.#sendMail();
    do await this.#synchronise();
    while (this.#pending.length > 0);
    await this.sync.drain(this.#contacts, OPTIONS);
  }

  async #untilCut(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ECONNRESET' && code !== 'ECONNREFUSED' && code !== 'EPIPE') throw error;
    }
  }

  async #step(): Promise<void> {
    if (this.#random.chance(0.2)) return this.#sendMail();
    if (this.#pending.length === 0 || this.#random.chance(0.3)) this.#doSomething();
    // A lost answer, though the connection holds: the same key again, with the same commands or with more of them.
    if (this.#random.chance(0.15)) await this.sync.send(this.sync.document([this.#asked()]));
    if (this.#random.chance(0.3)) this.#editFurther();
    return this.#synchronise();
  }

  #doSomething(): void {
    for (let left = 1 + this.#random.below(MOST_COMMANDS); left > 0; left -= 1) {
      const value = `${this.#count++}`;
      const busy = new Set(this.#pending.map(({ name }) => name));
      const free = [...this.own].filter(([name]) => !busy.has(name));
      const picked = free[this.#random.below(Math.max(1, free.length))];
      if (picked === undefined || this.#random.chance(0.4)) {
        const name = `${this.name}-${value}`;
        this.#pending.push({ kind: 'add', clientId: name, name, value });
      } else {
        const [name, { serverId }] = picked;
        const isDelete = this.#random.chance(0.3);
        this.#pending.push(isDelete ? { kind: 'delete', serverId, name } : { kind: 'change', serverId, name, value });
      }
    }
  }

  /** A person goes on editing what was not answered yet. */
  #editFurther(): void {
    for (const pending of this.#pending) {
      if (pending.kind !== 'delete' && this.#random.chance(0.5)) pending.value = `${this.#count++}`;
    }
  }

  #asked(): AskedOf {
    const commands = this.#pending.map(commandXml).join('');
    return {
      id: this.#contacts,
      xml: `${OPTIONS}${commands === '' ? '' : `<Commands>${commands}</Commands>`}`,
    };
  }

  async #synchronise(): Promise<void> {
    const asked = this.#pending;
    const told = await this.sync.sync([this.#asked()]);
    assert.equal(told.http, 200);
    if (told.isEmpty) {
      assert.equal(asked.length, 0, `${this.name}: commands were answered with nothing`);
      return;
    }
    this.#take(told, asked);
    this.#pending = [];
  }

  #take({ collections, xml }: ToldSync, asked: readonly Pending[]): void {
    const [collection] = collections;
    assert.equal(collection?.status, 1, `${this.name}: ${xml}`);
    const items = this.sync.items(this.#contacts);
    for (const pending of asked) {
      const answer = responseTo(collection!, pending);
      this.acknowledged += 1;
      if (pending.kind === 'add') {
        assert.ok(answer?.status === 1 && answer.serverId !== '', `${this.name}: Add answered by ${xml}`);
        this.own.set(pending.name, { serverId: answer.serverId, value: pending.value });
        items.set(answer.serverId, contactXml(pending));
        continue;
      }
      assert.equal(answer, undefined, `${this.name}: ${pending.kind} of ${pending.name} refused: ${xml}`);
      if (pending.kind === 'delete') {
        this.own.delete(pending.name);
        items.delete(pending.serverId);
      } else {
        this.own.set(pending.name, { serverId: pending.serverId, value: pending.value });
        items.set(pending.serverId, contactXml(pending));
      }
    }
  }

  async #sendMail(): Promise<void> {
    this.#mail ??= `${this.name}-mail-${this.#count++}`;
    const subject = this.#mail;
    const answer = await this.#phone.post('SendMail', this.#mailXml(subject));
    assert.ok(isTaken(answer), `${this.name}: SendMail ${answer.status} ${answer.xml}`);
    this.acknowledged += 1;
    this.sent.add(subject);
    this.#mail = null;
  }

  #mailXml(subject: string): string {
    const { user } = this.#phone.options;
    const message = `From: <${user}>\r\nTo: <${user}>\r\nSubject: ${subject}\r\n\r\nHello\r\n`;
    const mime = `<Mime>${Buffer.from(message).toString('base64')}</Mime>`;
    return `<SendMail xmlns="ComposeMail:"><ClientId>${subject}</ClientId><SaveInSentItems/>${mime}</SendMail>`;
  }
}

/** Taken now, or before by a request whose answer was lost (118). */
function isTaken({ status, body, xml }: PhoneAnswer): boolean {
  return status === 200 && (body.length === 0 || xml.includes('<Status>118</Status>'));
}

function responseTo({ responses }: ToldCollection, pending: Pending) {
  return responses.find(({ clientId, serverId }) =>
    pending.kind === 'add' ? clientId === pending.clientId : serverId === pending.serverId,
  );
}

function commandXml(pending: Pending): string {
  if (pending.kind === 'delete') return `<Delete><ServerId>${pending.serverId}</ServerId></Delete>`;
  const data = `<ApplicationData>${contactXml(pending)}</ApplicationData>`;
  if (pending.kind === 'change') return `<Change><ServerId>${pending.serverId}</ServerId>${data}</Change>`;
  return `<Add><ClientId>${pending.clientId}</ClientId>${data}</Add>`;
}

function contactXml({ name, value }: { readonly name: string; readonly value: string }): string {
  return `<c:LastName>${name}</c:LastName><c:JobTitle>${value}</c:JobTitle>`;
}

/** `LastName JobTitle` of each contact that a phone holds, sorted. */
export function contactsHeld(phone: SyncPhone, id: string): string[] {
  return [...phone.items(id).values()].map((xml) => `${text(xml, 'LastName')} ${text(xml, 'JobTitle')}`).sort();
}

/** Subject of each message that a phone holds, sorted. */
export function subjectsHeld(phone: SyncPhone, id: string): string[] {
  return [...phone.items(id).values()].map((xml) => text(xml, 'Subject')).sort();
}

function text(xml: string, name: string): string {
  return new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([^<]*)<`).exec(xml)?.[1] ?? '';
}
