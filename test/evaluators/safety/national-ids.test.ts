import { describe, expect, test } from "vitest";
import { detectPii, piiEvaluator } from "../../../evaluators/safety/pii.ts";
import { evaluateOne } from "../../../evaluators/evaluate.ts";

const found = (text: string) => detectPii(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

describe("numbers of states", () => {
  test.each([
    ["ITIN 912-70-1234", "us_itin 912-70-1234"],
    ["taxpayer no. 912 70 1234", "us_itin 912 70 1234"],
    ["born QQ, NI AB 12 34 56 C, ok", "uk_nino AB 12 34 56 C"],
    ["National Insurance: AB123456C", "uk_nino AB123456C"],
    ["NHS number 943 476 5919", "uk_nhs 943 476 5919"],
    ["Steuer-ID 86 095 742 719", "de_tax_id 86 095 742 719"],
    ["Steueridentifikationsnummer: 86095742719", "de_tax_id 86095742719"],
    ["mi DNI es 12345678Z", "es_dni 12345678Z"],
    ["NIE X1234567L", "es_dni X1234567L"],
    ["1 84 12 76 451 089 46", "fr_nir 1 84 12 76 451 089 46"],
    ["2 84 12 2A 451 089 80", "fr_nir 2 84 12 2A 451 089 80"],
    ["RSSMRA85T10A562S", "it_fiscal_code RSSMRA85T10A562S"],
    ["Aadhaar 2341 2341 2346", "in_aadhaar 2341 2341 2346"],
    ["PAN: ABCPE1234F", "in_pan ABCPE1234F"],
    ["529.982.247-25", "br_cpf 529.982.247-25"],
    ["CPF 52998224725", "br_cpf 52998224725"],
    ["BSN 111222333", "nl_bsn 111222333"],
    ["PESEL 44051401359", "pl_pesel 44051401359"],
    ["SIN: 046 454 286", "ca_sin 046 454 286"],
    ["TFN 123 456 782", "au_tfn 123 456 782"],
    ["social security 536.22.1234", "us_ssn 536.22.1234"],
  ])("%s", (text, expected) => expect(found(text)).toContain(expected));

  test.each([
    "ITIN 912-69-1234",
    "part 912 70 1234",
    "National Insurance: BG123456C",
    "bolt AB123456C",
    "NHS number 943 476 5918",
    "house 943 476 5919",
    "Steuer-ID 86 095 742 718",
    "Steuer-ID 11 111 111 111",
    "size 86095742719",
    "12345678A",
    "x12345678Z",
    "1 84 12 76 451 089 47",
    "RSSMRA85T10A562T",
    "Aadhaar 2341 2341 2345",
    "parts 2341 2341 2346",
    "PAN: ABCXE1234F",
    "frying ABCPE1234F",
    "529.982.247-26",
    "111.111.111-11",
    "BSN 111222334",
    "PESEL 44051401358",
    "SIN: 046 454 287",
    "TFN 123 456 783",
  ])("leaves %j alone", (text) => expect(found(text).filter((each) => !each.startsWith("phone"))).toEqual([]));
});

describe("what only its name tells", () => {
  test.each([
    ["Date of birth: 12/03/1985", "date_of_birth 12/03/1985"],
    ["DOB is 5 May 1985.", "date_of_birth 5 May 1985"],
    ["Geburtsdatum: 5. Mai 1985", "date_of_birth 5. Mai 1985"],
    ["date de naissance : 1985-05-12", "date_of_birth 1985-05-12"],
    ["dob May 5th, 1985", "date_of_birth May 5th, 1985"],
    ["passport no. C01X00T47", "passport C01X00T47"],
    ["Passport number: 533380006", "passport 533380006"],
    ["driver's license: D123-4567-8901", "driver_license D123-4567-8901"],
  ])("is found in %j", (text, expected) => expect(found(text)).toContain(expected));

  test.each([
    "He was born on 5 May 1821.",
    "the passport office",
    "a driving licence for 12 months",
    "Released 12/03/1985",
  ])("is not seen in %j", (text) => expect(found(text)).toEqual([]));
});

describe("devices, wallets and addresses within a network", () => {
  test.each([
    ["mac 00:1A:2B:3C:4D:5E", "mac_address 00:1A:2B:3C:4D:5E"],
    ["mac 00-1a-2b-3c-4d-5e.", "mac_address 00-1a-2b-3c-4d-5e"],
    ["to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "crypto_wallet 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"],
    ["to 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "crypto_wallet 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"],
    ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "crypto_wallet bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
    ["0x52908400098527886E0F7030069857D2E4169EE7", "crypto_wallet 0x52908400098527886E0F7030069857D2E4169EE7"],
    ["router 192.168.1.1", "private_ip_address 192.168.1.1"],
    ["at 172.16.0.9", "private_ip_address 172.16.0.9"],
    ["at 172.32.0.9", "ip_address 172.32.0.9"],
    ["at fe80::1ff:fe23:4567:890a", "private_ip_address fe80::1ff:fe23:4567:890a"],
    ["call 1-800-555-0199", "toll_free_phone 1-800-555-0199"],
  ])("are found in %j", (text, expected) => expect(found(text)).toEqual([expected]));

  test.each([
    "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff",
    "aa:bb:cc:dd:ee:ff",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "0x52908400098527886E0F7030069857D2E4169EE",
    "224.0.0.1 and 0.0.0.0",
    "firmware 1.2.3.4",
  ])("are not seen in %j", (text) => expect(found(text)).toEqual([]));
});

describe("disguised and glued values", () => {
  test.each([
    ["４１１１　１１１１　１１１１　１１１１", "credit_card"],
    ["4111\u200b1111\u200b1111\u200b1111", "credit_card"],
    ["4111‑1111‑1111‑1111", "credit_card"],
    ["カード番号は4111111111111111です", "credit_card"],
    ["VISA4111 1111 1111 1111USD", "credit_card"],
    ["メールはuser@example.comまで", "email"],
    ["ana [at] example [dot] com", "email"],
    ["ana(at)example.com", "email"],
    ["ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "email"],
    ["+٤٩ ٣٠ ٩٠١٨٢٠", "phone"],
  ])("are found in %j", async (output, kind) => {
    const { outcome, claims } = await evaluateOne(piiEvaluator.configure(), { output }, {});
    expect([outcome, claims?.map((claim) => claim.kind)]).toEqual(["fail", [kind]]);
  });

  test.each(["icon@2x.png", "git@github.com:org/repo.git", "https://user@host.example/x", "a[at]b"])(
    "are not seen in %j",
    (text) => expect(found(text)).toEqual([]),
  );

  test("have offsets in the text as it was written", async () => {
    const output = "e: ａｎａ＠x\u200b.com!";
    const { claims } = await evaluateOne(piiEvaluator.configure(), { output }, {});
    expect(claims).toMatchObject([{ text: "ａｎａ＠x\u200b.com", start: 3, end: 13 }]);
  });
});
