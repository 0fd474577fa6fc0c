import { describe, expect, test } from "vitest";
import { detectLanguage, guessLanguage } from "../../../evaluators/task-adherence/detect-language.ts";
import { areNear, isIn, languageCodes } from "../../../evaluators/task-adherence/languages.ts";

describe("the language of a text", () => {
  test.each([
    ["en", "The parcel arrives within three days and costs nothing at all."],
    ["fr", "Le colis arrive dans les trois jours et ne coûte rien du tout."],
    ["de", "Das Paket kommt innerhalb von drei Tagen an und kostet nichts."],
    ["es", "El paquete llega en tres días y no cuesta nada en absoluto."],
    ["pl", "Paczka dotrze w ciągu trzech dni i nic nie kosztuje."],
    ["ru", "Посылка придёт в течение трёх дней и ничего не стоит."],
    ["ja", "荷物は三日以内に届き、費用はかかりません。"],
    ["ar", "تصل الطرود في غضون ثلاثة أيام ولا تكلف شيئا."],
    ["hi", "पार्सल तीन दिनों में पहुँचता है और इसकी कोई कीमत नहीं है।"],
    ["mr", "पार्सल तीन दिवसांत पोहोचते आणि त्यासाठी काहीही खर्च नाही."],
    ["ne", "पार्सल तीन दिनभित्र आइपुग्छ र यसको कुनै शुल्क छैन, तपाईंलाई धन्यवाद छ।"],
    ["pa", "ਪਾਰਸਲ ਤਿੰਨ ਦਿਨਾਂ ਵਿੱਚ ਪਹੁੰਚਦਾ ਹੈ।"],
    ["ml", "പാർസൽ മൂന്ന് ദിവസത്തിനുള്ളിൽ എത്തും."],
    ["ko", "소포는 사흘 안에 도착합니다."],
    ["th", "พัสดุจะมาถึงภายในสามวัน"],
    ["el", "Το δέμα φτάνει μέσα σε τρεις ημέρες."],
    ["he", "החבילה מגיעה בתוך שלושה ימים."],
    ["gu", "પાર્સલ ત્રણ દિવસમાં પહોંચે છે."],
    ["ta", "பார்சல் மூன்று நாட்களில் வரும்."],
    ["te", "పార్సెల్ మూడు రోజుల్లో వస్తుంది."],
    ["kn", "ಪಾರ್ಸೆಲ್ ಮೂರು ದಿನಗಳಲ್ಲಿ ಬರುತ್ತದೆ."],
    ["ka", "ამანათი სამ დღეში მოვა."],
    ["si", "පාර්සලය දින තුනකින් පැමිණේ."],
    ["sw", "Kifurushi hiki ni cha watu wa mji na kitafika kwa siku tatu, lakini bila malipo."],
    ["sl", "Paket bo prišel v treh dneh in ne stane nič, tudi če je velik, lahko pa se zgodi kaj."],
    ["hr", "Paket će stići za tri dana i ne košta ništa, a može se i vratiti ako je to kao što ste htjeli."],
    ["ca", "El paquet arriba amb tres dies, però això és molt car i també els diners són seva."],
    ["sq", "Pakoja është për ju dhe vjen në tri ditë, por nga sot është më mirë të presim."],
    ["cy", "Mae eich parsel yn dod gyda ni hefyd, ac mae gan bawb wedi talu."],
    ["so", "Waxaan aad u jeclahay waa in la iyo oo ka mid ah kale."],
  ])("is %s: %s", (code, text) => {
    expect(detectLanguage(text)).toBe(code);
    expect(detectLanguage(text.toUpperCase())).toBe(code);
  });

  test.each([
    ["pa", "ਪਾਰਸਲ"],
    ["ml", "നമസ്കാരം"],
    ["si", "ආයුබෝවන්"],
    ["ka", "გამარჯობა"],
  ])("is %s where a single word without space or mark is all there is: %s", (code, text) => {
    expect(guessLanguage(text)).toEqual({ code, weight: 1, english: 0 });
  });

  test("cannot be told of digits, marks or nothing", () => {
    for (const text of ["", " ", "42", "?! …", "🎉"]) expect(detectLanguage(text)).toBeNull();
  });

  test("is weighed against English", () => {
    const { weight = 0, english = 0 } = guessLanguage("The parcel arrives in three days, and it is free.") ?? {};
    expect(weight).toBe(english);
    expect(guessLanguage("Das Paket kommt in drei Tagen, und zwar umsonst.")?.english).toBeLessThan(0.1);
  });

  test("is read from the beginning of a long text", () => {
    expect(
      detectLanguage(`${"The parcel arrives in three days. ".repeat(130)}${"Das Paket kommt. ".repeat(5000)}`),
    ).toBe("en");
  });

  test("is compared with what languages that are hard to tell apart allow", () => {
    const danish = "Jeg kan desværre ikke komme i dag, men jeg kommer gerne i morgen.";
    expect([isIn("da", danish), isIn("no", danish), isIn("fr", danish)]).toEqual([true, true, false]);
    expect([areNear("da", "sv"), areNear("da", "de"), areNear("hr", "mk")]).toEqual([true, false, false]);
    expect(isIn("de", "twelve le")).toBeNull();
  });

  test("can be one of those that have a code", () => {
    expect(languageCodes).toContain("ne");
    expect(languageCodes).toEqual([...new Set(languageCodes)].toSorted());
    expect(languageCodes.every((code) => /^[a-z]{2}$/u.test(code))).toBe(true);
  });
});
