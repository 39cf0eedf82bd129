import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

/** What a relay says that it takes beside plain ASCII. */
export interface RelayAbilities {
  /** 8BITMIME (RFC 6152). */
  readonly takes8Bit: boolean;
  /** SMTPUTF8 (RFC 6531). */
  readonly takesUtf8: boolean;
}

/** @param lines Of the answer to EHLO, without reply codes; none of a server that knows only HELO. */
export function abilitiesOf(lines: readonly string[]): RelayAbilities {
  const names = new Set(lines.map((line) => line.trim().split(' ')[0]!.toUpperCase()));
  return { takes8Bit: names.has('8BITMIME'), takesUtf8: names.has('SMTPUTF8') };
}

/** A question under way. */
export interface Asking {
  /** Rejects with the SMTP client's error, as sending does. */
  readonly abilities: Promise<RelayAbilities>;
  close(): void;
}

/** Connects to hear what the relay offers once the connection is as secure as it gets, and says goodbye. */
export function askAbilities(options: SMTPConnectionOptions): Asking {
  const connection = new SMTPConnection(options);
  const abilities = new Promise<RelayAbilities>((resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('the relay hung up')));
    connection.connect((error?: Error | null) => {
      if (error) return reject(error);
      const { lastServerResponse } = connection;
      const lines = (lastServerResponse || '').split(/\r?\n/).map((line) => line.replace(/^\d+[ -]/, ''));
      // The first line is the server's name.
      resolve(abilitiesOf(lines.slice(1)));
      connection.quit();
    });
  });
  return { abilities, close: () => connection.close() };
}
