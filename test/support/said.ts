/** What a model says in one choice; texts come in the pieces in which a stream brings them. */
export interface SaidChoice {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  readonly calls: readonly SaidCall[];
  readonly finish: string;
}

export interface SaidCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where the JSON text of the input is cut, as shares of its length. */
  readonly cuts: readonly number[];
}

/** A reply of a model, which each wire writes in its own way. */
export interface Said {
  readonly choices: readonly SaidChoice[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Decides which choice speaks next in a stream. */
  readonly turns: readonly number[];
}

/** How a wire's vendor writes a reply: as one body, and as the frames of a stream. */
export interface Writing {
  /** Choices beyond so many do not exist on this wire. */
  readonly mostChoices: number;
  whole(said: Said): object;
  frames(said: Said): readonly string[];
}
