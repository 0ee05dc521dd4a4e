// Currencies: minor units (part of the stored format, so fixed here), signs, and the usual one of a country.

/** ISO 4217 minor units that are not 2. Fixed in the code: a stored amount must not change with a platform's data. */
const DIGITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
};

/** How many digits the minor unit has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  return DIGITS[currency] ?? 2;
}

/** Signs and short forms, upper case, that mean one currency wherever they are used: `EUR` and what it is called. */
const SIGNS: ReadonlyMap<string, string> = new Map(
  [
    'EUR € EURO EUROS',
    'GBP £ POUNDS',
    'USD US$ $US U$S DOLLAR DOLLARS',
    'AUD A$ AU$',
    'CAD C$ CA$ CAN$',
    'NZD NZ$',
    'HKD HK$',
    'SGD S$ SG$',
    'BRL R$',
    'MXN MX$',
    'JPY ¥ ￥ 円 JP¥',
    'CNY 元 CN¥',
    'CHF FR. SFR. SFR',
    'INR ₹ RS. RS',
    'KRW ₩',
    'ILS ₪',
    'TRY ₺',
    'VND ₫',
    'PHP ₱',
    'THB ฿',
    'UAH ₴',
    'NGN ₦',
    'PLN ZŁ',
    'CZK KČ',
    'HUF FT',
    'RON LEI',
  ].flatMap((line) => {
    const [code = '', ...signs] = line.split(' ');
    return signs.map((sign) => [sign, code] as const);
  }),
);

/** Signs that several countries use, with the currency where nothing says more. */
const SHARED: Readonly<Record<string, { usual: string; others: readonly string[] }>> = {
  $: { usual: 'USD', others: ['AUD', 'CAD', 'NZD', 'HKD', 'SGD', 'MXN', 'ARS', 'CLP', 'COP'] },
  KR: { usual: 'SEK', others: ['NOK', 'DKK', 'ISK'] },
  'KR.': { usual: 'DKK', others: ['NOK', 'SEK', 'ISK'] },
  R: { usual: 'ZAR', others: [] },
  '¥': { usual: 'JPY', others: ['CNY'] },
};

/** What people in a country pay with. */
const BY_REGION: ReadonlyMap<string, string> = new Map([
  ...(
    'US:USD GB:GBP AU:AUD CA:CAD NZ:NZD CH:CHF LI:CHF DK:DKK SE:SEK NO:NOK IS:ISK PL:PLN CZ:CZK HU:HUF RO:RON TR:TRY ' +
    'UA:UAH IL:ILS AE:AED SA:SAR EG:EGP KW:KWD IN:INR JP:JPY CN:CNY HK:HKD TW:TWD KR:KRW SG:SGD MY:MYR TH:THB ' +
    'VN:VND PH:PHP ID:IDR ZA:ZAR NG:NGN BR:BRL MX:MXN AR:ARS CL:CLP CO:COP'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, 2), pair.slice(3)] as const),
  ...'DE AT FR ES IT NL BE IE PT FI GR LU EE LV LT SI SK HR MT CY BG AD MC SM'
    .split(' ')
    .map((region) => [region, 'EUR'] as const),
]);

/** Codes that a price may carry without saying so by a known sign. */
const CODE = /^[A-Z]{3}$/;
const KNOWN: ReadonlySet<string> = new Set([...BY_REGION.values(), ...Object.keys(DIGITS)]);

/** Whether `code` is a currency that Intl knows (ISO 4217). */
export function isCurrency(code: string): boolean {
  if (!CODE.test(code)) return false;
  return KNOWN.has(code) || supported().has(code);
}

let supportedCodes: ReadonlySet<string> | undefined;
function supported(): ReadonlySet<string> {
  supportedCodes ??= new Set(Intl.supportedValuesOf('currency'));
  return supportedCodes;
}

/** The usual currency where a locale is spoken ("en-GB" GBP, "de" EUR); undefined when that cannot be told. */
export function currencyOfLocale(locale: string): string | undefined {
  if (!ofLocale.has(locale)) ofLocale.set(locale, BY_REGION.get(regionOf(locale)));
  return ofLocale.get(locale);
}

const ofLocale = new Map<string, string | undefined>();

function regionOf(locale: string): string {
  try {
    return new Intl.Locale(locale).maximize().region ?? '';
  } catch {
    return ''; // no locale at all
  }
}

const signsOfLocale = new Map<string, ReadonlyMap<string, string>>();

/** How a locale writes currencies, by Intl: in "de" a `$` is USD, in "en-AU" AUD. Without marks and spaces. */
function localSigns(locale: string): ReadonlyMap<string, string> {
  const known = signsOfLocale.get(locale);
  if (known !== undefined) return known;
  const signs = new Map<string, string>();
  for (const currency of new Set(BY_REGION.values())) {
    const parts = new Intl.NumberFormat(locale, { style: 'currency', currency }).formatToParts(1);
    const sign = toSign(parts.find(({ type }) => type === 'currency')?.value ?? '');
    if (sign !== '' && !signs.has(sign)) signs.set(sign, currency);
  }
  signsOfLocale.set(locale, signs);
  return signs;
}

const toSign = (text: string): string => text.replace(/[\s\u200e\u200f\u061c]/g, '').toUpperCase();

/**
 * The currency of a sign or code as written ("€", "US$", "kr", "EUR"). What several countries share goes by the
 * preferred currency if it fits, then by the locale, then by the most usual. Undefined for what is none.
 */
export function readCurrency(
  text: string,
  {
    locale,
    preferred,
  }: { readonly locale?: string | undefined; readonly preferred?: string | undefined } = {},
): string | undefined {
  const sign = toSign(text);
  if (isCurrency(sign)) return sign;
  const shared = SHARED[sign];
  if (shared !== undefined && preferred !== undefined) {
    if (preferred === shared.usual || shared.others.includes(preferred)) return preferred;
  }
  const local = locale === undefined ? undefined : localSigns(locale).get(sign);
  return local ?? shared?.usual ?? SIGNS.get(sign);
}
