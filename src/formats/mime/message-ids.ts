/**
 * Message identifiers of an unfolded Message-ID, In-Reply-To or References value, with their angle brackets taken off
 * (RFC 5322 §3.6.4). Phrases and comments between them are skipped; without any brackets, bare words with an @ are taken.
 */
export function parseMessageIds(text: string): string[] {
  const ids: string[] = [];
  for (let open = text.indexOf('<'); open >= 0; open = text.indexOf('<', open + 1)) {
    const close = text.indexOf('>', open);
    if (close < 0) break;
    // `<a <b>`: the innermost opening bracket counts.
    open = text.lastIndexOf('<', close);
    const id = text.slice(open + 1, close).replace(/\s+/g, '');
    if (id !== '') ids.push(id);
    open = close;
  }
  if (ids.length > 0) return ids;
  return text.split(/[\s,]+/).filter((word) => /^[^@<>]+@[^@<>]+$/.test(word));
}
