const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Plain text as an HTML body that looks the same: escaped, with its line breaks and runs of blanks. */
export function textToHtml(text: string): string {
  return `<html><body>${textToFragment(text)}</body></html>`;
}

/** The same without the elements around it. */
export function textToFragment(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[&<>"]/g, (char) => ESCAPES[char]!)
    .replace(/ {2}/g, ' &nbsp;')
    .replace(/\n/g, '<br>\r\n');
}
