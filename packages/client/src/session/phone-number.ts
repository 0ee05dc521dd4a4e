// The world's number plans, for telling that "22 33 44 55" in a Norwegian list and "+47 22334455" are one number. Loaded
// only where couples are compared: what is stored stays as it was typed.
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** E.164 of a valid number; `locale` says the country of one that does not name its own. */
export function phoneToE164(text: string, locale: string): string | undefined {
  const region = regionOf(locale);
  const number = isSupportedCountry(region)
    ? parsePhoneNumberFromString(text, region)
    : parsePhoneNumberFromString(text);
  return number?.isValid() === true ? number.number : undefined;
}

/** "de-CH" lives in CH, "nb" most likely in NO. */
function regionOf(locale: string): string {
  try {
    return new Intl.Locale(locale).maximize().region ?? '';
  } catch {
    return '';
  }
}
