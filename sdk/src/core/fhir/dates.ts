/** A FHIR dateTime: a year, a month, a day, or an instant with its offset. */
const DATE_TIME =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d))?)?)?$/;

/** A calendar day. */
interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** What a FHIR dateTime covers, unix seconds: from its first second to the first one after it. */
export interface Span {
  readonly from: number;
  readonly until: number;
  /** Whether it names a second, and not a whole day, month or year. */
  readonly exact: boolean;
}

/** Whether a text is a FHIR dateTime of a day that exists. */
export function isDateTime(text: string): boolean {
  const [, year, month, day] = DATE_TIME.exec(text) ?? [];
  if (year === undefined || Number(year) === 0) return false;
  if (month === undefined || day === undefined) return true;
  return Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

/** Whether a name is one of the IANA time zones that this platform knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatter(timeZone);
    return true;
  } catch {
    return false;
  }
}

/**
 * What a FHIR dateTime covers. A partial date covers the whole day, month or year in the issuer's time zone; days may be
 * 23 or 25 hours long there. An instant covers its second.
 *
 * @param text A FHIR dateTime for which {@link isDateTime} holds.
 * @param timeZone IANA name, for which {@link isTimeZone} holds.
 */
export function spanOf(text: string, timeZone: string): Span {
  const [, year = "", month, day, hour] = DATE_TIME.exec(text) ?? [];
  if (hour !== undefined) {
    // ECMAScript has no leap second: the 60th second is read as the next minute's first.
    const leap = text.slice(17, 19) === "60";
    const from =
      Math.floor(Date.parse(leap ? `${text.slice(0, 17)}59${text.slice(19)}` : text) / 1_000) +
      (leap ? 1 : 0);
    return { from, until: from + 1, exact: true };
  }
  const first: Day = { year: Number(year), month: Number(month ?? "1"), day: Number(day ?? "1") };
  const next: Day =
    day !== undefined
      ? dayAfter(first)
      : month !== undefined
        ? { year: first.year + (first.month === 12 ? 1 : 0), month: (first.month % 12) + 1, day: 1 }
        : { year: first.year + 1, month: 1, day: 1 };
  return { from: startOfDay(first, timeZone), until: startOfDay(next, timeZone), exact: false };
}

/** An instant in the issuer's time zone as FHIR writes it, with the offset that holds there and then. */
export function instantText(seconds: number, timeZone: string): string {
  const local = localTime(seconds, timeZone);
  const offset = Math.round((local.getTime() / 1_000 - seconds) / 60);
  const sign = offset < 0 ? "-" : "+";
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
  const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
  return `${local.toISOString().slice(0, 19)}${offset === 0 ? "Z" : `${sign}${hours}:${minutes}`}`;
}

/**
 * The first second of a day in a time zone: the first one whose local date is that day or later. So it is right where a
 * day begins at 01:00 for daylight saving, and where a day was skipped at the date line.
 */
function startOfDay({ year, month, day }: Day, timeZone: string): number {
  const target = year * 10_000 + month * 100 + day;
  const midnightUtc = Math.floor(Date.UTC(year, month - 1, day) / 1_000);
  let before = midnightUtc - 16 * 3_600;
  let reached = midnightUtc + 16 * 3_600 + 86_400;
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2);
    const local = localTime(middle, timeZone);
    const date = local.getUTCFullYear() * 10_000 + (local.getUTCMonth() + 1) * 100 + local.getUTCDate();
    if (date >= target) reached = middle;
    else before = middle;
  }
  return reached;
}

function dayAfter({ year, month, day }: Day): Day {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

/** The wall clock of a zone, as a date whose UTC fields show it. */
function localTime(seconds: number, timeZone: string): Date {
  const part: Record<string, number> = {};
  for (const { type, value } of formatter(timeZone).formatToParts(seconds * 1_000))
    part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let made = formatters.get(timeZone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(timeZone, made);
  }
  return made;
}
