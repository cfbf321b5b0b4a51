/**
 * Read a date of six digits, YYMMDD, as a calendar day. Day 00 is the last day of the month. The century is the one that
 * puts the year from 49 before to 50 after the present year.
 *
 * @param digits Six digits.
 * @param now Unix seconds that decide the century.
 * @returns `YYYY-MM-DD`, or what is wrong with it.
 * @see GS1 General Specifications, sections 3.4 and 7.12
 */
export function readDate(
  digits: string,
  now: number,
): { readonly day: string } | { readonly problem: string } {
  if (!/^\d{6}$/.test(digits)) return { problem: "it does not have six digits" };
  const [shortYear, month, written] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2))) as [
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12) return { problem: "there is no such month" };
  const year = fullYear(shortYear, new Date(now * 1_000).getUTCFullYear());
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (written > last) return { problem: "the month has no such day" };
  const parts = [month, written === 0 ? last : written].map((part) => String(part).padStart(2, "0"));
  return { day: [String(year).padStart(4, "0"), ...parts].join("-") };
}

function fullYear(shortYear: number, presentYear: number): number {
  const century = presentYear - (presentYear % 100);
  const ahead = shortYear - (presentYear % 100);
  if (ahead >= 51) return century - 100 + shortYear;
  return (ahead <= -50 ? century + 100 : century) + shortYear;
}
