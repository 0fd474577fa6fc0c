/** English words that carry no claim of their own. Negations are among them: they are read separately. */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the this that these those it its itself he him his she her hers they them their theirs we us our ours you your yours i me my mine
  who whom whose which what when where why how there here and or but nor so yet if then else than as at by for from in into of off on onto
  out over per to toward towards up upon via with within without about above across after against along among around before behind below
  between beyond during until since through throughout under while because although though whether either neither both each every all any
  some such same other another own just only also too very more most much many few less least be am is are was were been being do does did
  done doing have has had having can could will would shall should may might must ought need not no never none cannot don doesn didn isn
  aren wasn weren won wouldn shouldn couldn hasn haven hadn can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't shouldn't
  couldn't hasn't haven't hadn't it's that's there's they're we're you're i'm i've you've we've they've i'll you'll we'll let let's etc
  however therefore thus hence moreover furthermore additionally overall instead rather still again once ever even well like able unable
  get gets got make makes made use uses used using one ones`
    .split(/\s+/u)
    .filter((word) => word !== ""),
);

/** Words with which an answer speaks about its source or about itself; they are neither support nor the lack of it. */
export const discourseWords: ReadonlySet<string> = new Set(
  `context document documents passage passages provided given according based information text mention mentions mentioned state states stated
  article source sources answer question summary summarize conclusion include includes included including following specifically yes ok okay
  note please sorry thank thanks hello sure certainly overall regarding describe describes described explain explains explained say says said`
    .split(/\s+/u)
    .filter((word) => word !== ""),
);

/** Words that turn what follows them into its opposite: English, German, French, Spanish, Portuguese, Dutch; without accents. */
export const negations: ReadonlySet<string> = new Set(
  `not no non never none cannot without neither nor unable don't doesn't didn't isn't aren't wasn't weren't won't wouldn't shouldn't couldn't
  can't hasn't haven't hadn't mustn't needn't nobody nothing nowhere nicht kein keine keinen keinem keiner nie niemals ohne ne pas jamais sans
  aucun aucune nunca sin ninguno ninguna ningun nao nem sem niet geen`.split(/\s+/u),
);
