// What happens without a click is said to those who do not see it, by one live region for the whole page.

const region = document.createElement('div');
region.setAttribute('role', 'status');
region.setAttribute('aria-live', 'polite');
region.className = 'visually-hidden';
document.body.append(region);

/** The same text twice is said twice. */
export function announce(text: string): void {
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
