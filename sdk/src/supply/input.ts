import { PURPOSE_NAMES, STORAGE_CLASS_NAMES } from "../abi/index.ts";
import {
  checkAddress,
  checkBigint,
  checkBytes32,
  checkList,
  checkMember,
  checkName,
  checkNumber,
  checkObject,
  checkOperator,
  checkTime,
  inputError,
} from "../core/input.ts";
import { checkEphemeralKey } from "../prescriptions/input.ts";
import { SET_82 } from "./gs1/elements.ts";
import { digitBehind } from "./gs1/keys.ts";
import { lotNumberBytes } from "./lotId.ts";
import type {
  Administration,
  AdministrationSession,
  ConsignmentLine,
  ConsignmentTerms,
  LineFinding,
  ProductTerms,
  SegmentTerms,
  SessionDose,
} from "./types.ts";

export const ZERO_WORD = `0x${"00".repeat(32)}`;
/** Most lines of a consignment. */
export const LINES_MOST = 32;
/** Most doses of a session. */
export const SESSION_MOST = 200;
/** Deepest tree of serials. */
const PROOF_LONGEST = 32;
/** What stands beside a run: two at each level. */
const RUN_PROOF_LONGEST = 64;
/** Most units named by index in one call. */
const INDICES_MOST = 256;
/** Most units under one serial. */
const UNITS_PER_SERIAL_MOST = 64;

/** A GS1 key as a number: so many digits at most, the last of them a check digit. */
function checkKey(parameter: string, value: bigint, digits: number, name: string): bigint {
  checkBigint(parameter, value, 64, 1n);
  const text = value.toString().padStart(digits, "0");
  const expected = `the number of a ${name}: ${digits} digits with a correct check digit`;
  if (text.length > digits) throw inputError(parameter, "it has too many digits", expected);
  if (digitBehind(text.slice(0, -1)) !== Number(text.at(-1))) {
    throw inputError(parameter, "its check digit is wrong", expected);
  }
  return value;
}

/** A GTIN as a number. */
export function checkGtin(parameter: string, value: bigint): bigint {
  return checkKey(parameter, value, 14, "GTIN");
}

/** An SSCC as a number. */
export function checkSscc(parameter: string, value: bigint): bigint {
  return checkKey(parameter, value, 18, "SSCC");
}

/** A lot number as the contract takes it. */
export function checkLotNumber(parameter: string, value: string): string {
  if (typeof value !== "string" || !new RegExp(`^[${SET_82}]{1,20}$`).test(value)) {
    throw inputError(parameter, "it is no lot number", "1 to 20 characters of GS1 character set 82 (AI 10)");
  }
  return lotNumberBytes(value);
}

/** Id of a lot. */
export function checkLot(parameter: string, value: string): string {
  return checkBytes32(parameter, value, false);
}

/** Number of a site, from 1. */
export function checkSite(parameter: string, value: number): number {
  return checkNumber(parameter, value, 16, 1);
}

/** A yes or no; `byDefault` when absent. */
export function checkFlag(parameter: string, value: boolean | undefined, byDefault?: boolean): boolean {
  if (value === undefined && byDefault !== undefined) return byDefault;
  if (typeof value !== "boolean")
    throw inputError(parameter, `it is of type ${typeof value}`, "true or false");
  return value;
}

/** A number that may be left out for 0. */
export function checkOptional(parameter: string, value: number | undefined, bits: number): number {
  return value === undefined ? 0 : checkNumber(parameter, value, bits);
}

/** A hash that may be left out for none. */
export function checkHash(parameter: string, value: string | undefined): string {
  return value === undefined ? ZERO_WORD : checkBytes32(parameter, value, false);
}

/** Proof that one serial is a lot's; none when absent. */
export function checkProof(parameter: string, proof: readonly string[] | undefined): readonly string[] {
  return checkNodes(parameter, proof, PROOF_LONGEST);
}

/** What stands beside a run of serials. */
export function checkRunProof(parameter: string, proof: readonly string[]): readonly string[] {
  checkList(parameter, proof, RUN_PROOF_LONGEST, 0);
  return checkNodes(parameter, proof, RUN_PROOF_LONGEST);
}

function checkNodes(
  parameter: string,
  nodes: readonly string[] | undefined,
  most: number,
): readonly string[] {
  return checkList(parameter, nodes === undefined ? [] : nodes, most, 0).map((node, index) =>
    checkBytes32(`${parameter}[${index}]`, node),
  );
}

/** Units by index; none when absent. */
export function checkIndices(parameter: string, indices: readonly number[] | undefined): readonly number[] {
  return checkList(parameter, indices === undefined ? [] : indices, INDICES_MOST, 0).map((unit, index) =>
    checkNumber(`${parameter}[${index}]`, unit, 32),
  );
}

/** Terms of a product, as the contract takes them. */
export function checkProduct(at: string, product: ProductTerms) {
  checkObject(at, product);
  return {
    gtin: checkGtin(`${at}.gtin`, product.gtin),
    maker: checkMember(`${at}.maker`, product.maker),
    vaccine: checkFlag(`${at}.vaccine`, product.vaccine),
    serialised: checkFlag(`${at}.serialised`, product.serialised),
    discreet: checkFlag(`${at}.discreet`, product.discreet, false),
    unitsPerSerial: checkNumber(`${at}.unitsPerSerial`, product.unitsPerSerial, 8, 1, UNITS_PER_SERIAL_MOST),
    unitsPerPack: checkNumber(`${at}.unitsPerPack`, product.unitsPerPack, 16, 1),
    content: checkNumber(`${at}.content`, product.content, 32, 1),
    storage_: checkName(`${at}.storageClass`, product.storageClass, STORAGE_CLASS_NAMES),
    budget: checkNumber(`${at}.budget`, product.budget, 16),
    openFor: checkNumber(`${at}.openFor`, product.openFor, 16),
  };
}

/** A consignment, as the contract takes it. */
export function checkConsignment(at: string, consignment: ConsignmentTerms) {
  checkObject(at, consignment);
  return {
    from: checkMember(`${at}.from`, consignment.from),
    fromSite: checkSite(`${at}.fromSite`, consignment.fromSite),
    to: checkMember(`${at}.to`, consignment.to),
    toSite: checkSite(`${at}.toSite`, consignment.toSite),
    sscc: checkSscc(`${at}.sscc`, consignment.sscc),
    purpose: checkName(`${at}.purpose`, consignment.purpose, PURPOSE_NAMES),
    lines: checkList(`${at}.lines`, consignment.lines, LINES_MOST).map((line, index) =>
      checkLine(`${at}.lines[${index}]`, line),
    ),
  };
}

function checkLine(at: string, line: ConsignmentLine) {
  checkObject(at, line);
  return {
    lot: checkLot(`${at}.lot`, line.lot),
    units: checkNumber(`${at}.units`, line.units, 32, 1),
    firstUnit: checkOptional(`${at}.firstUnit`, line.firstUnit, 32),
    endUnit: checkOptional(`${at}.endUnit`, line.endUnit, 32),
    range: checkOptional(`${at}.range`, line.range, 32),
    origin: checkFlag(`${at}.origin`, line.origin, false),
  };
}

/** What was found of one line, as the contract takes it. */
export function checkFinding(at: string, finding: LineFinding) {
  checkObject(at, finding);
  return {
    damaged: checkNumber(`${at}.damaged`, finding.damaged, 32),
    missing: checkNumber(`${at}.missing`, finding.missing, 32),
    refused: checkNumber(`${at}.refused`, finding.refused, 32),
    indices: checkIndices(`${at}.indices`, finding.indices),
  };
}

/** A vaccination, as the contract takes it. */
export function checkAdministration(at: string, dose: Administration) {
  checkObject(at, dose);
  return {
    lot: checkLot(`${at}.lot`, dose.lot),
    member: checkMember(`${at}.member`, dose.member),
    site: checkSite(`${at}.site`, dose.site),
    unit: checkOptional(`${at}.unit`, dose.unit, 32),
    range: checkOptional(`${at}.range`, dose.range, 32),
    saltedSerial: checkHash(`${at}.saltedSerial`, dose.saltedSerial),
    holder: checkAddress(`${at}.holder`, dose.holder),
    commitment: checkBytes32(`${at}.commitment`, dose.commitment, false),
    seriesDose: checkNumber(`${at}.seriesDose`, dose.seriesDose, 8, 1),
    administeredAt: checkOptional(`${at}.administeredAt`, dose.administeredAt, 32),
  };
}

/** A session, as the contract takes it. */
export function checkSession(at: string, session: AdministrationSession) {
  checkObject(at, session);
  return {
    lot: checkLot(`${at}.lot`, session.lot),
    member: checkMember(`${at}.member`, session.member),
    site: checkSite(`${at}.site`, session.site),
    firstUnit: checkNumber(`${at}.firstUnit`, session.firstUnit, 32),
    range: checkOptional(`${at}.range`, session.range, 32),
    administeredAt: checkOptional(`${at}.administeredAt`, session.administeredAt, 32),
  };
}

/** The doses of a session, as the contract takes them: who, low to high, is holder 160, prefix 8, view tag 8, series dose 8. */
export function checkSessionDoses(parameter: string, doses: readonly SessionDose[]) {
  return checkList(parameter, doses, SESSION_MOST).map((dose, index) => {
    const at = `${parameter}[${index}]`;
    checkObject(at, dose);
    const holder = checkAddress(`${at}.holder`, dose.holder);
    const { x, prefix, viewTag } = checkEphemeralKey(`${at}.ephemeralKey`, dose.ephemeralKey);
    const seriesDose = checkNumber(`${at}.seriesDose`, dose.seriesDose, 8, 1);
    const tail = (BigInt(prefix) << 160n) | (BigInt(viewTag) << 168n) | (BigInt(seriesDose) << 176n);
    return {
      saltedSerial: checkBytes32(`${at}.saltedSerial`, dose.saltedSerial, false),
      commitment: checkBytes32(`${at}.commitment`, dose.commitment, false),
      ephemeralX: x,
      person: BigInt(holder) | tail,
    };
  });
}

/** What a device measured, as the contract takes it. */
export function checkSegment(at: string, segment: SegmentTerms) {
  checkObject(at, segment);
  const from = checkTime(`${at}.from`, segment.from);
  const to = checkTime(`${at}.to`, segment.to);
  if (to <= from) throw inputError(`${at}.to`, "it does not lie after from", "an end after from");
  return {
    member: checkMember(`${at}.member`, segment.member),
    device: checkOperator(`${at}.device`, segment.device),
    from,
    to,
    minutesOut: checkNumber(`${at}.minutesOut`, segment.minutesOut, 16),
    readings: checkBytes32(`${at}.readings`, segment.readings, false),
  };
}

/** Member, site and lot of what acts on stock. */
export function checkStockPlace(params: {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
}) {
  return {
    lot: checkLot("lot", params.lot),
    member: checkMember("member", params.member),
    site: checkSite("site", params.site),
  };
}
