// What people call the columns of a list of leads: names of each field in English, German, French, Spanish, Portuguese and Hindi.
// Case, blanks, marks and accents mean nothing.

import { withoutAccents } from '../foundation/accents.ts';

export const recordFields = [
  'reference',
  'phoneNumber',
  'scheduledTime',
  'name',
  'priority',
  'expiryDate',
  'agentId',
  'skill',
] as const;
export type RecordField = (typeof recordFields)[number];

/** Columns that a result file of ours has besides: `dialgraph_line` and so on. Programs through which it goes write them otherwise. */
export type ResultColumn =
  | 'line'
  | 'outcome'
  | 'code'
  | 'field'
  | 'message'
  | 'retryable'
  | 'scheduledTime'
  /** A cell behind the last that the header of the first file has a name for. */
  | 'cell';

const resultColumns: ReadonlyMap<string, ResultColumn> = new Map([
  ['dialgraphline', 'line'],
  ['dialgraphoutcome', 'outcome'],
  ['dialgraphcode', 'code'],
  ['dialgraphfield', 'field'],
  ['dialgraphmessage', 'message'],
  ['dialgraphretryable', 'retryable'],
  ['dialgraphscheduledtime', 'scheduledTime'],
]);

/** `place`: from 1. */
export function surplusName(place: number): string {
  return `dialgraph_cell_${place}`;
}

/** The first name of each is without doubt. A name that may as well mean something else (`date`, `time`, `customer number`) is in none. */
const names: Readonly<Record<RecordField, readonly string[]>> = {
  reference: [
    'reference',
    ...['ref', 'ref no', 'reference id', 'reference no', 'reference number', 'external id', 'lead id'],
    ...['record id', 'customer id', 'client id', 'id'],
    ...['referenz', 'referenznummer', 'kunden id', 'kundennummer', 'référence', 'référence client'],
    ...['referencia', 'referência', 'id cliente', 'sandarbh', 'संदर्भ'],
  ],
  phoneNumber: [
    'phone number',
    ...['phone', 'phone no', 'phone num', 'phone nr', 'telephone', 'telephone no', 'telephone number', 'tel'],
    ...[
      'tel no',
      'tel nr',
      'mobile',
      'mobile no',
      'mobile num',
      'mobile number',
      'mobile phone',
      'mob',
      'mob no',
    ],
    ...['cell', 'cell no', 'cell number', 'cell phone', 'cell phone number', 'contact no', 'contact number'],
    ...['contact phone', 'number to call', 'dial number', 'msisdn', 'e164', 'whatsapp', 'whatsapp no'],
    'whatsapp number',
    ...[
      'telefon',
      'telefonnummer',
      'telefon nr',
      'tel nummer',
      'rufnummer',
      'handy',
      'handynummer',
      'handy nr',
    ],
    ...['mobil', 'mobilnummer', 'mobil nr', 'mobiltelefon', 'mobilfunknummer'],
    ...['téléphone', 'numéro de téléphone', 'n° de téléphone', 'no de téléphone', 'num tel', 'numéro tel'],
    ...['portable', 'numéro de portable', 'téléphone portable', 'tel portable', 'téléphone mobile'],
    ...['teléfono', 'número de teléfono', 'nro de teléfono', 'teléfono móvil', 'móvil', 'celular'],
    ...['número de celular', 'número celular', 'número de móvil', 'teléfono celular'],
    ...['telefone', 'número de telefone', 'número do telefone', 'telefone celular', 'telemóvel'],
    ...[
      'phone nambar',
      'fon nambar',
      'fone number',
      'mobile nambar',
      'mobail nambar',
      'doorbhash',
      'durbhash',
    ],
    ...['फोन', 'फोन नंबर', 'फ़ोन नंबर', 'मोबाइल', 'मोबाइल नंबर', 'दूरभाष'],
  ],
  scheduledTime: [
    'scheduled time',
    ...['schedule time', 'scheduled at', 'scheduled for', 'scheduled', 'schedule', 'schedule date'],
    ...['scheduled date', 'schedule date time', 'scheduled date time', 'scheduled datetime', 'call time'],
    ...[
      'call at',
      'call date',
      'call date time',
      'call datetime',
      'time of call',
      'time to call',
      'dial time',
    ],
    ...['callback', 'callback at', 'callback time', 'callback date', 'call back time'],
    ...['anrufzeit', 'anrufzeitpunkt', 'anruf am', 'anruf um', 'anrufdatum', 'geplant', 'geplant für'],
    ...['geplant um', 'geplante zeit', 'geplante anrufzeit', 'rückrufzeit', 'rueckrufzeit', 'rückruf am'],
    ...[
      'heure de l’appel',
      "heure d'appel",
      "date d'appel",
      "date et heure d'appel",
      'heure appel',
      'date appel',
    ],
    ...['heure prévue', 'date prévue', 'heure programmée', 'date programmée', 'rappel', 'date de rappel'],
    ...['hora de llamada', 'hora de la llamada', 'fecha de llamada', 'fecha de la llamada', 'fecha llamada'],
    ...['fecha y hora de llamada', 'hora programada', 'fecha programada', 'programado', 'programada'],
    ...['hora da chamada', 'data da chamada', 'hora da ligação', 'data da ligação', 'hora agendada'],
    ...['data agendada', 'agendado para', 'agendado', 'agendamento', 'data de agendamento'],
    ...['call ka samay', 'phone ka samay', 'call samay', 'samay', 'कॉल का समय', 'फोन का समय', 'समय'],
  ],
  name: [
    'name',
    ...['full name', 'customer name', 'client name', 'lead name', 'contact name', 'person name', 'customer'],
    ...['vollständiger name', 'voller name', 'kundenname', 'vor und nachname', 'ansprechpartner'],
    ...['nom', 'nom complet', 'nom client', 'nom du client', 'nom et prénom', 'prénom et nom'],
    ...['nombre', 'nombre completo', 'nombre cliente', 'nombre del cliente', 'nombre y apellido'],
    ...['nome', 'nome completo', 'nome cliente', 'nome do cliente'],
    ...['naam', 'nam', 'poora naam', 'pura naam', 'grahak ka naam', 'नाम', 'पूरा नाम', 'ग्राहक का नाम'],
  ],
  priority: [
    'priority',
    ...['prio', 'call priority', 'priorität', 'prioritaet', 'priorité', 'prioridad', 'prioridade'],
    ...['prathmikta', 'prathamikta', 'प्राथमिकता'],
  ],
  expiryDate: [
    'expiry date',
    ...['expiry', 'expiry time', 'expires', 'expires at', 'expires on', 'expiration', 'expiration date'],
    ...['valid until', 'valid till', 'valid to', 'call until', 'deadline'],
    ...['ablaufdatum', 'ablauf', 'läuft ab', 'gültig bis', 'gueltig bis', 'frist'],
    ...["date d'expiration", 'date expiration', 'expire le', "valable jusqu'au", 'date limite'],
    ...['fecha de vencimiento', 'vencimiento', 'fecha de caducidad', 'caducidad', 'válido hasta'],
    ...[
      'fecha de expiración',
      'data de validade',
      'data de expiração',
      'validade',
      'válido até',
      'data limite',
    ],
    ...['samapti tithi', 'antim tithi', 'समाप्ति तिथि', 'अंतिम तिथि'],
  ],
  agentId: [
    'agent id',
    ...['agent', 'agent no', 'agent number', 'agent code', 'agent login', 'assigned agent', 'assigned to'],
    ...['agenten id', 'agentennummer', 'mitarbeiter id', "id de l'agent", 'id agent', 'agente', 'id agente'],
    ...['id del agente', 'id do agente', 'ejent', 'ejent id', 'एजेंट', 'एजेंट आईडी'],
  ],
  skill: [
    'skill',
    ...['skill name', 'skill group', 'agent skill', 'fähigkeit', 'faehigkeit', 'kompetenz', 'compétence'],
    ...['habilidad', 'competencia', 'habilidade', 'competência', 'kaushal', 'कौशल'],
  ],
};

interface Meaning {
  readonly field: RecordField;
  /** Whether it is the field's own name. */
  readonly isCertain: boolean;
}

const meanings = new Map<string, Meaning>();
for (const field of recordFields)
  for (const [n, name] of names[field].entries())
    meanings.set(plainName(name), { field, isCertain: n === 0 });

/** Which field a column is by its name; undefined where the name is none that is known. */
export function meaningOf(name: string): Meaning | undefined {
  return meanings.get(plainName(name));
}

export function resultColumnOf(name: string): ResultColumn | null {
  const plain = plainName(name);
  // Salesforce puts __c behind the names of others.
  return (
    resultColumns.get(plain) ??
    resultColumns.get(plain.replace(/c$/, '')) ??
    (/^dialgraphcell\d+$/.test(plain) ? 'cell' : null)
  );
}

/** Letters and digits alone, without case and without the accents of Latin letters. */
export function plainName(name: string): string {
  return withoutAccents(name)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

/** The words of a name, in lower case and without accents: `TimeZoneSidKey` is `time zone sid key`. */
export function wordsOf(name: string): string {
  return withoutAccents(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
