/** With each character in its plainest form, and no accents on Latin letters. The marks of other scripts are letters, and stay. */
export function withoutAccents(text: string): string {
  return text.normalize('NFKD').replace(/[\u0300-\u036F]/g, '');
}
