/** Thrown where gold rows cannot carry a card; the message says what is missing and how much of it. */
export class CalibrationError extends Error {
  override readonly name = "CalibrationError";
  readonly code: "too_few_rows" | "one_class" | "nothing_scored";

  constructor(code: CalibrationError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
