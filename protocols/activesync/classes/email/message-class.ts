import type { MessageIndex } from '../../../../src/formats/mime/message-index.ts';
import type { MeetingMessage } from './meeting-request.ts';

/** Whether the message is signed or encrypted by S/MIME (RFC 8551 §3). */
export function isSecured(index: MessageIndex): boolean {
  return messageClass(index, null).startsWith('IPM.Note.SMIME');
}

/** MessageClass (MS-ASEMAIL §2.2.2.50). */
export function messageClass({ root }: MessageIndex, meeting: MeetingMessage | null): string {
  if (meeting !== null) return meeting.messageClass;
  const { mediaType, parameters } = root;
  const protocol = parameters.get('protocol')?.toLowerCase() ?? '';
  if (mediaType === 'multipart/signed' && /^application\/(?:x-)?pkcs7-signature$/.test(protocol)) {
    return 'IPM.Note.SMIME.MultipartSigned';
  }
  if (/^application\/(?:x-)?pkcs7-mime$/.test(mediaType)) return 'IPM.Note.SMIME';
  if (mediaType !== 'multipart/report') return 'IPM.Note';
  const report = parameters.get('report-type')?.toLowerCase();
  if (report === 'delivery-status') return 'REPORT.IPM.Note.NDR';
  return report === 'disposition-notification' ? 'REPORT.IPM.Note.IPNRN' : 'IPM.Note';
}
