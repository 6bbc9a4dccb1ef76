// What months and days of the week are called, in English, German, French, Spanish, Portuguese and Hindi: by their full names, and as
// they are usually shortened. Case and accents mean nothing. A name that meant two months would mean none.

import { withoutAccents } from './accents.ts';

const months: readonly string[] = [
  'january jan januar jänner jaenner jän janvier janv enero ene janeiro जनवरी जन janvari janvary',
  'february feb februar feber février févr fév febrero fevereiro fev फ़रवरी फ़र farvari',
  'march mar märz maerz mär mrz mars marzo março मार्च',
  'april apr avril avr abril abr अप्रैल aprail',
  'may mai mayo maio मई',
  'june jun juni juin junio junho जून joon',
  'july jul juli juillet juil julio julho जुलाई जुल julai',
  'august aug août agosto ago अगस्त अग agast',
  'september sept sep septembre septiembre setiembre setembro set सितंबर सितम्बर सित sitambar',
  'october oct oktober okt octobre octubre outubro out अक्टूबर अक्तूबर अक्टू aktubar aktoobar',
  'november nov novembre noviembre novembro नवंबर नवम्बर नव navambar',
  'december dec dezember dez décembre déc diciembre dic dezembro दिसंबर दिसम्बर दिस disambar',
];

/** From Sunday, as `Date` counts them. */
const weekdays: readonly string[] = [
  'sunday sun sonntag so dimanche dim domingo dom रविवार रवि',
  'monday mon montag mo lundi lun lunes segunda-feira segunda seg सोमवार सोम',
  'tuesday tue tues dienstag di mardi mar martes terça-feira terça ter मंगलवार मंगल',
  'wednesday wed mittwoch mi mercredi mer miércoles mié quarta-feira quarta qua बुधवार बुध',
  'thursday thu thur thurs donnerstag do jeudi jeu jueves jue quinta-feira quinta qui गुरुवार गुरु बृहस्पतिवार',
  'friday fri freitag fr vendredi ven viernes vie sexta-feira sexta sex शुक्रवार शुक्र',
  'saturday sat samstag sa sonnabend samedi sam sábado sáb शनिवार शनि',
];

/** The names of the months as they are written, with their accents. */
export const monthNames: readonly string[] = months.flatMap((names) => names.split(' '));

const monthsByName = numbered(months);
const weekdaysByName = numbered(weekdays);

/** From 1. */
export function monthOf(name: string): number | undefined {
  const index = monthsByName.get(plain(name));
  return index === undefined ? undefined : index + 1;
}

/** From 0, which is Sunday. */
export function weekdayOf(name: string): number | undefined {
  return weekdaysByName.get(plain(name));
}

function numbered(lists: readonly string[]): ReadonlyMap<string, number | undefined> {
  const numbers = new Map<string, number | undefined>();
  for (const [index, names] of lists.entries())
    for (const name of names.split(' ').map(plain))
      numbers.set(name, !numbers.has(name) || numbers.get(name) === index ? index : undefined);
  return numbers;
}

/** Without accents, and without the nukta of Hindi, which is often left out. */
function plain(name: string): string {
  const lower = name.toLowerCase();
  return /^[a-z]*$/.test(lower) ? lower : withoutAccents(lower).replace(/\u093C/g, '');
}
