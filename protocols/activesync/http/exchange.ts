import type Koa from 'koa';
import type { Admission, DeviceRefusal } from '../../../src/devices/device-gate.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import { ENDLESS_TURN } from '../../../src/domain/turns.ts';
import type { Device } from '../../../src/store/device-store.ts';
import type { ClassVersion } from '../classes/version.ts';
import type { EasCommands, EasContext, EasResponse } from '../command.ts';
import { easContact } from '../device/eas-contact.ts';
import { isVersionNews } from '../device/version-news.ts';
import type { EasEnvironment } from '../environment.ts';
import { checkPolicy } from '../policy/gate.ts';
import { policyRules } from '../policy/policy-rules.ts';
import { EasQueryError } from '../query/error.ts';
import { parseQuery } from '../query/parse-query.ts';
import { type EasRequestLine, withHeaders } from '../query/request-line.ts';
import { factsOf, quirksOf } from '../quirks.ts';
import { rootOf } from '../roots.ts';
import { EasStatusError } from '../status.ts';
import { encodeWbxml } from '../wbxml/encode.ts';
import { answerWipe } from '../wipe/answer-wipe.ts';
import { answerInDrain, underWipe } from '../wipe/under-wipe.ts';
import { isServed, offer, SERVED_VERSIONS } from './options.ts';
import { parkRequest } from './park-request.ts';
import { readBody } from './read-body.ts';
import { type KnownRequest, refusalOf } from './refuse-request.ts';
import { WBXML_TYPE, writeResponse } from './write-response.ts';

/** How a device is turned away (MS-ASCMD §2.2.2). What waits for an administrator is refused like what is blocked: there is no word for it. */
const REFUSED = {
  'protocol-off': 126,
  'password-misfit': 126,
  'other-device': 129,
  blocked: 129,
  quarantined: 129,
  wiped: 129,
  'wipe-under-way': 140,
  'too-many': 177,
} as const satisfies Readonly<Record<DeviceRefusal['reason'], number>>;

/** One POST. What is known of it is filled in on the way, so that an error is answered as well as it can be. */
export class Exchange {
  readonly #ctx: Koa.Context;
  readonly #principal: Principal;
  readonly #environment: EasEnvironment;
  readonly #commands: EasCommands;
  /** Devices for whose wipe alone it was signed in; null: for everything. */
  readonly #wipeOnly: ReadonlySet<string> | null;
  readonly #known: KnownRequest = { command: null, version: null };

  constructor(
    ctx: Koa.Context,
    principal: Principal,
    environment: EasEnvironment,
    commands: EasCommands,
    wipeOnly: ReadonlySet<string> | null = null,
  ) {
    this.#wipeOnly = wipeOnly;
    this.#ctx = ctx;
    this.#principal = principal;
    this.#environment = environment;
    this.#commands = commands;
  }

  get #logFields(): Record<string, unknown> {
    return this.#ctx.state.logFields as Record<string, unknown>;
  }

  /** Whether it comes from a device for whose wipe it was signed in. */
  async isForWipe(): Promise<boolean> {
    try {
      return this.#wipeOnly !== null && (await this.#admit(this.#readLine())).refusal !== null;
    } catch (error) {
      if (error instanceof EasQueryError || error instanceof EasStatusError || error instanceof GatewayError)
        return false;
      throw error;
    }
  }

  async run(): Promise<void> {
    const response = await this.#answerOf(() => this.#respond());
    if (response === null) return;
    if (response.kind === 'parked') {
      parkRequest(
        this.#ctx,
        response.park,
        (later) => this.#answerOf(async () => later),
        (done) => this.#write(done),
      );
      return;
    }
    if (this.#ctx.req.complete) await this.#write(response);
    else this.#leaveToServer(response);
  }

  /** An answer given before the whole body was read: the server knows what to do with the rest (unread-body.ts). */
  #leaveToServer(response: EasResponse): void {
    const ctx = this.#ctx;
    if (response.kind !== 'document' && response.kind !== 'http') {
      throw new TypeError(`A request is read whole before it is answered with ${response.kind}.`);
    }
    if (ctx.req.readableDidRead) ctx.set('Connection', 'close');
    if (response.kind === 'http') {
      answerHttp(ctx, response.status);
      ctx.set({ ...response.headers });
      return;
    }
    ctx.status = 200;
    ctx.body = encodeWbxml(response.root, { version: this.#known.version ?? '14.1' });
    ctx.set('Content-Type', WBXML_TYPE);
  }

  async #respond(): Promise<EasResponse> {
    const line = this.#readLine();
    this.#known.command = line.command;
    Object.assign(this.#logFields, { command: line.commandText, device: line.deviceId, version: line.protocolVersion });
    const command = line.command === null ? undefined : this.#commands.get(line.command);
    const version = servedVersion(line);
    this.#known.version = version;
    if (command === undefined) throw new EasStatusError(137, `${line.commandText} is not served`);
    const { context: asked, isWipe } = await this.#contextOf(line, version);
    const remoteAddress = this.#remoteAddress();
    const { context, drain } = isWipe
      ? await underWipe(asked, command.name, remoteAddress)
      : { context: asked, drain: null };
    if (!isWipe && command.passesWithoutPolicy !== true) await checkPolicy(context, await policyRules(context));
    const { maxRequestBytes } = this.#environment.limits;
    const body = await readBody(this.#ctx.req, command.takes.message === true, maxRequestBytes);
    if (body.kind === 'none' && command.takes.empty !== true) throw new EasStatusError(101, 'the body is empty');
    if (body.kind === 'document' && body.root.name !== rootOf(command.name)) {
      throw new EasStatusError(103, `${body.root.name} is the root of a ${command.name}`);
    }
    if (isWipe && drain === null) return answerWipe(context, body, remoteAddress);
    const instead = drain === null ? null : await answerInDrain(context, { drain, body, remoteAddress });
    return instead ?? command.handle(context, body);
  }

  #readLine(): EasRequestLine {
    const headers = this.#ctx.req.headers;
    const one = (name: string) => headers[name]?.toString();
    const line = parseQuery(this.#ctx.querystring);
    return withHeaders(line, {
      protocolVersion: one('ms-asprotocolversion'),
      policyKey: one('x-ms-policykey'),
      acceptMultipart: one('ms-asacceptmultipart'),
    });
  }

  /** `isWipe`: the device comes under a wipe of it, or after one. */
  async #contextOf(
    line: EasRequestLine,
    version: ClassVersion,
  ): Promise<{ readonly context: EasContext; readonly isWipe: boolean }> {
    const { device, refusal } = await this.#admit(line);
    const isWipe =
      refusal?.reason === 'wipe-under-way' || (refusal?.reason === 'wiped' && line.command === 'Provision');
    if (refusal !== null && !isWipe) throw new EasStatusError(REFUSED[refusal.reason], refusal.message);
    if (!line.isProbe && !isWipe) await this.#tellOfVersions(device);
    const logFields = this.#logFields;
    const { oneFolderOf = [] } = quirksOf(factsOf(device, version));
    const asker = { environment: this.#environment, principal: this.#principal, device };
    return { context: { ...asker, line, version, oneFolderOf, logFields }, isWipe };
  }

  async #admit(line: EasRequestLine): Promise<Admission> {
    const { devices } = this.#environment;
    const contact = easContact(line, this.#ctx.get('User-Agent'), this.#remoteAddress());
    if (this.#wipeOnly === null) return devices.admit(this.#principal, contact, line.isProbe);
    const device = await devices.admitToWipe(this.#principal, contact, this.#wipeOnly);
    if (device === null) throw new EasStatusError(129, 'the wipe of the device ended in this moment');
    return { device, refusal: { reason: 'wipe-under-way', message: 'This device is to be wiped.' } };
  }

  /** MS-ASHTTP §2.2.2.1.2: clients ask by OPTIONS once and keep what they hear; this makes them begin anew. */
  async #tellOfVersions(device: Device): Promise<void> {
    const versions = SERVED_VERSIONS.join(',');
    if (!(await isVersionNews(this.#environment, this.#principal, device, versions))) return;
    this.#ctx.set({ ...offer(this.#commands.values()), 'X-MS-RP': versions });
    this.#logFields.versionNews = true;
  }

  #remoteAddress(): string {
    return (this.#ctx.state as { requestFacts?: { remoteAddress: string } }).requestFacts?.remoteAddress ?? '';
  }

  /** What is to be answered; null when the client left. What is a mistake of ours is logged and told as one. */
  async #answerOf(work: () => Promise<EasResponse>): Promise<EasResponse | null> {
    try {
      return await work();
    } catch (error) {
      const { req } = this.#ctx;
      if (req.destroyed && !req.complete) {
        this.#ctx.respond = false;
        this.#logFields.aborted = true;
        return null;
      }
      const { state } = this.#ctx;
      const clientVersion = this.#ctx.get('MS-ASProtocolVersion').trim();
      return refusalOf(error, this.#known, {
        ...{ commands: this.#commands, log: this.#environment.log, logFields: this.#logFields },
        ...{ clientVersion, requestId: (state as { requestId?: unknown }).requestId },
      });
    }
  }

  async #write(response: EasResponse): Promise<void> {
    if (response.kind === 'parked') throw new TypeError('A request is parked once.');
    const { res } = this.#ctx;
    this.#ctx.respond = false;
    const gzip = this.#ctx.get('Accept-Encoding') !== '' && this.#ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
    const onMisfit = (name: string, reason: string) =>
      this.#environment.log.error(
        { command: this.#known.command, name, reason },
        'An element was left out of an answer',
      );
    try {
      const turns = this.#environment.sync.turns?.() ?? ENDLESS_TURN;
      await writeResponse(res, response, { version: this.#known.version ?? '14.1', gzip, onMisfit, turns });
    } catch (error) {
      // Half an answer must not look like a whole one.
      this.#environment.log.error({ command: this.#known.command, error }, 'An answer was cut off');
      res.destroy();
    }
  }
}

/** @throws EasStatusError 138 */
function servedVersion({ protocolVersion }: EasRequestLine): ClassVersion {
  if (protocolVersion !== null && isServed(protocolVersion)) return protocolVersion;
  const http = protocolVersion === '1.0' ? 505 : 400;
  throw new EasStatusError(138, `protocol version ${protocolVersion ?? 'none'}`, http);
}

/** An answer of a status alone. */
export function answerHttp(ctx: Koa.Context, status: number): void {
  ctx.body = '';
  ctx.status = status;
  ctx.remove('Content-Type');
}
