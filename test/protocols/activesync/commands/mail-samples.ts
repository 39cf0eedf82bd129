/** A message with a plain body and one attachment of these bytes, its part 2. */
export function mailWithFile(bytes: Uint8Array, subject = 'Report'): Buffer {
  const base64 = Buffer.from(bytes).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  const lines = [
    'From: Carla <carla@example.net>',
    'To: anna@example.org',
    `Subject: ${subject}`,
    'Date: Thu, 1 Jan 2026 08:00:00 +0000',
    `Message-ID: <${subject.toLowerCase().replaceAll(' ', '-')}@example.net>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'See the file.',
    '--b',
    'Content-Type: application/pdf; name=report.pdf',
    'Content-Disposition: attachment; filename=report.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    base64,
    '--b--',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

/** A message of one plain part. */
export function plainMail(subject: string, text: string, more: readonly string[] = []): Buffer {
  const lines = [
    'From: Carla <carla@example.net>',
    'To: anna@example.org',
    `Subject: ${subject}`,
    `Message-ID: <${Buffer.from(subject).toString('hex')}@example.net>`,
    ...more,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
  ];
  return Buffer.from(lines.join('\r\n'));
}
