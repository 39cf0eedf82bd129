import type { RequestListener } from 'node:http';
import type { Authenticator } from '../auth/authenticator.ts';
import { parseListenAddress } from '../config/listen-address.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { DebugLine } from '../observe/debug-switches.ts';
import type { Log } from '../observe/log.ts';
import type { Recorder } from '../recorder/recorder.ts';
import { type ApplicationParts, createApplication } from './application.ts';
import type { CertificateSource, LoadedCertificate } from './certificate/certificate-source.ts';
import { createFlight, drain } from './drain.ts';
import { createClientReader } from './forwarded.ts';
import type { GatewayMeasures } from './gateway-measures.ts';
import { type Listener, openListener } from './listener.ts';
import { createMetricsRoute } from './metrics-route.ts';
import type { ProtocolHandler, Site } from './protocol-handler.ts';
import type { OpenServices } from './services/open-services.ts';

export interface ServeParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly handlers: readonly ProtocolHandler[];
  readonly sites?: readonly Site[];
  readonly measures?: GatewayMeasures;
  readonly debug?: DebugLine;
  readonly recorder?: Pick<Recorder, 'isRecording' | 'recordingsOf'>;
  /** What is served now, and to whom; absent: everything to everybody. */
  readonly services?: Pick<OpenServices, 'gate' | 'onConnection'>;
  /** Where https listeners have their certificate from. */
  readonly certificates: CertificateSource;
}

/** All listeners as one. */
export interface RunningServer {
  readonly listeners: readonly Pick<Listener, 'url' | 'port'>[];
  /** What https listeners serve now; null when all are plain. */
  certificate(): LoadedCertificate | null;
  /** From now on `/healthz` answers 200. */
  setReady(): void;
  /** Loads the certificate again; when that fails the present one stays, with an error line. */
  reloadCertificate(): Promise<void>;
  /** Stops accepting, waits for requests in flight, at most `graceSeconds`, and closes every connection. */
  drain(): Promise<void>;
}

async function openAll(parts: ServeParts, onRequest: RequestListener) {
  const addresses = parts.settings.listen.map(parseListenAddress);
  const certificate = addresses.some(({ scheme }) => scheme === 'https') ? await parts.certificates.load() : null;
  const listeners: Listener[] = [];
  try {
    for (const address of addresses) {
      const { settings, log, services } = parts;
      const onConnection = services && { onConnection: services.onConnection };
      listeners.push(await openListener(address, certificate, { settings, onRequest, log, ...onConnection }));
    }
  } catch (error) {
    for (const { server } of listeners) server.close();
    throw error;
  }
  return { listeners, certificate };
}

function measured({ measures, settings }: ServeParts): Pick<ApplicationParts, 'onRequest' | 'metricsRoute'> {
  if (measures === undefined) return {};
  const { trustedProxies, metrics } = settings;
  return {
    onRequest: (request) => measures.onRequest(request),
    metricsRoute: createMetricsRoute({ measures, allow: metrics.allow, trustedProxies }),
  };
}

/** Opens every listener; rejects, with none left open, when one cannot be. */
export async function serve(parts: ServeParts): Promise<RunningServer> {
  const { settings, clock, log } = parts;
  let health: 'starting' | 'ready' | 'draining' = 'starting';
  const flight = createFlight();
  const application = createApplication({
    ...parts,
    readClient: createClientReader(settings.trustedProxies),
    health: () => health,
    publicUrl: settings.publicUrl ?? null,
    ...measured(parts),
    ...(parts.services && { gate: parts.services.gate }),
  });
  const opened = await openAll(parts, (request, response) => {
    flight.add(response);
    application(request, response);
  });
  const { listeners } = opened;
  let { certificate } = opened;

  async function reloadCertificate(): Promise<void> {
    if (!certificate) return;
    try {
      const fresh = await parts.certificates.load();
      for (const listener of listeners) listener.useCertificate(fresh);
      const isSame = fresh.fingerprint === certificate.fingerprint;
      certificate = fresh;
      const { fingerprint } = fresh;
      log.info({ fingerprint }, isSame ? 'certificate read again: it is the same' : 'certificate replaced');
    } catch (error) {
      log.error({ error }, 'the new certificate cannot be used: the present one stays in use');
    }
  }

  let draining: Promise<void> | null = null;
  return {
    listeners,
    certificate: () => certificate,
    setReady() {
      if (health === 'starting') health = 'ready';
    },
    reloadCertificate,
    drain() {
      health = 'draining';
      for (const handler of parts.handlers) handler.drain?.();
      draining ??= drain({ listeners, flight, graceMs: settings.limits.graceSeconds * 1000, clock, log });
      return draining;
    },
  };
}
