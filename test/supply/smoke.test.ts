import { ethers as eth } from "ethers";
import { as, ethers, START, DAY, HOUR } from "../core/chain.ts";
import * as S from "./support.ts";
import { Duty } from "../core/words.ts";

const gasOf = async (p: Promise<{ hash: string }>) =>
  Number((await ethers.provider.getTransactionReceipt((await p).hash))!.gasUsed);

describe("smoke", () => {
  it("gas", async () => {
    const w = await S.freshWorld();
    const N = 20000;
    const tree = S.serialTree(N);
    console.log(
      "register",
      await gasOf(
        as(w.lots, S.people.novaStock).registerLot(31, {
          gtin: S.Products.flu.gtin,
          number: S.lotNumber("A1"),
          expiryDay: S.EXPIRY_DAY,
          units: N,
          serialRoot: tree.root,
          site: 1,
        }) as never,
      ),
    );
    const id = S.lotIdOf(S.Products.flu.gtin, "A1");
    const made = { id, product: S.Products.flu, units: N, tree };
    await as(w.lots, S.people.releaser).releaseLot(id, 22, S.CERTIFICATE);
    const g = S.goods(made, 10000);
    const a = await gasOf(as(w.lots, S.people.novaStock).ship(g) as never);
    const b = await gasOf(as(w.lots, S.people.depotStock).receiveConsignment(g, false) as never);
    console.log("ship", a, "receive", b, a + b);
    const g2 = S.goods(made, 5000, {
      sscc: S.sscc(2),
      to: 51,
      toSite: 1,
      lines: [S.line(made, 5000, 10000, { origin: true })],
    });
    await S.ship(w, g2);
    await S.receive(w, g2);
    console.log("first", await gasOf(S.administer(w, made, 10000) as never));
    console.log(
      "next",
      await gasOf(
        as(w.lots, S.people.nora).administer(
          S.dose(made, 10001),
          S.EPHEMERAL,
          tree.shortProof(10001),
          S.SENT,
        ) as never,
      ),
    );
    const doses = Array.from({ length: 100 }, (_, i) => S.sessionDose(made, 10240 + i));
    console.log(
      "session each",
      (await gasOf(
        as(w.lots, S.people.nora).administerSession(
          { lot: id, member: 51, site: 1, firstUnit: 10240, range: 0, administeredAt: 0 },
          doses,
          tree.runProof(10240, 100),
          S.SENT,
        ) as never,
      )) / 100,
    );
    console.log(
      "recall",
      await gasOf(as(w.lots, S.people.novaRecall).recallLot(id, 31, 1, S.NOTICE) as never),
    );
  });
  it("dispense", async () => {
    const P = await import("../prescriptions/support.ts");
    const w = await S.freshWorld();
    for (const [product, serial] of [
      [S.Products.tablets, false],
      [S.Products.pens, true],
    ] as const) {
      const made = await S.release(w, product, serial ? 20000 : 1000, "D1");
      await S.move(w, made, serial ? 128 : 300, { to: 11, toSite: 1 });
      for (const n of [0, 1]) {
        const t = P.terms({
          holder: P.holder(n + (serial ? 10 : 20)).address,
          fills: 3,
          unitsPerFill: serial ? 300_000n : 30_000n,
        });
        await as(w.prescriptions, S.people.drLi).issue(P.order(t));
        await P.accept(w, t, P.lock(), S.people.sunTill, P.holder(n + (serial ? 10 : 20)));
        const stock = S.stockArgument(
          serial
            ? {
                lot: made.id,
                units: 1,
                firstUnit: n,
                saltedSerial: made.tree.saltedSerial(n),
                proof: n === 0 ? made.tree.proof(0) : made.tree.shortProof(1),
              }
            : { lot: made.id, units: 30 },
        );
        console.log(
          "dispense",
          serial,
          n,
          await gasOf(
            as(w.prescriptions, S.people.anna).dispense(
              t,
              P.handover({ units: serial ? 300_000n : 30_000n }),
              stock,
              P.SENT,
            ) as never,
          ),
        );
      }
    }
  });
});
