import { expect } from "chai";

import { contractErrors, sdkErrors } from "../../../sdk/src/core/errorCatalogue.ts";
import { DISCLOSURE_FAULTS, disclosureError, recordStatusOf } from "../../../sdk/src/disclosure/errors.ts";
import { DOCUMENT_FAULTS, documentError } from "../../../sdk/src/documents/errors.ts";
import { VAULT_FAULTS } from "../../../sdk/src/vault/errors.ts";

describe("errors of serving records", () => {
  it("have a whole message and fix, and no code of another folder", () => {
    const others = new Set<string>([
      ...DOCUMENT_FAULTS,
      ...VAULT_FAULTS,
      ...Object.keys(sdkErrors),
      ...Object.keys(contractErrors),
    ]);
    for (const code of DISCLOSURE_FAULTS) {
      const { message, fix } = disclosureError(code, { field: "x" });
      for (const text of [message, fix]) expect(text, code).to.match(/^[A-Z][^{}]*\.$/s);
      expect(others.has(code), code).to.equal(false);
    }
  });

  it("answer with a status of their own; what should not happen is ours", () => {
    expect(recordStatusOf(disclosureError("RecordRequestRefused"))).to.equal(403);
    expect(recordStatusOf(documentError("DocumentRequestReplayed"))).to.equal(409);
    expect(recordStatusOf(disclosureError("RecordAnswerMalformed"))).to.equal(500);
    expect(recordStatusOf(new TypeError("x"))).to.equal(500);
  });
});
