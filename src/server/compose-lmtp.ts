import type { LmtpConnection, LmtpRefusal, LmtpService } from '../mail/lmtp/lmtp-service.ts';
import type { OpenServices } from './services/open-services.ts';

/** LMTP, which can be started and stopped while all else goes on. */
export interface LmtpSwitch {
  /** Rejects when it cannot listen. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Where it listens; null while it is stopped. */
  addresses(): readonly string[] | null;
  connections(): readonly LmtpConnection[];
}

/** Stopped at first. */
export function lmtpSwitch(open: () => Promise<LmtpService>): LmtpSwitch {
  let service: LmtpService | null = null;
  return {
    async start() {
      service ??= await open();
    },
    async stop() {
      const stopping = service;
      service = null;
      await stopping?.close();
    },
    addresses: () => service?.addresses ?? null,
    connections: () => service?.connections() ?? [],
  };
}

/** Why a connection is turned away. A socket file has no address: it is guarded by its folder. */
export function lmtpRefusal(control: OpenServices['control'], refusals: OpenServices['refusals']) {
  return (address: string, connections: number): LmtpRefusal | null => {
    const { serves, maxConnections } = control.termsOf('lmtp');
    if (serves !== null && address !== '' && !serves(address)) {
      refusals.notServed('lmtp', address);
      return 'not-served';
    }
    if (maxConnections === 0 || connections < maxConnections) return null;
    refusals.tooMany('lmtp', address);
    return 'too-many';
  };
}
